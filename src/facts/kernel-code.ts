import type { Evidence } from '../base/verdict.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { type Modinfo, readModinfo } from './file/modinfo.ts';
import kind from './kind.ts';

/** What a kernel or a module of it says of its own build. */
export interface KernelCode {
  /** null: the kernel itself. */
  readonly module: Modinfo | null;
  /**
   * Whether its indirect branches go through retpolines, or wait to be patched to them: shown by `retpoline=Y` of a
   * module, and by the lists of places that objtool leaves for the kernel to patch. `untold`: neither.
   */
  readonly retpoline: 'built' | 'untold';
  /** Checks of where branches lead, by the lists that the kernel reads when it starts or loads the module. */
  readonly branchChecks: readonly ('ibt' | 'kcfi' | 'bti')[];
  readonly evidence: readonly Evidence[];
}

/** Lists of places by section (Linux, arch/x86/kernel/vmlinux.lds.S, scripts/module.lds.S). */
const retpolineLists = ['.retpoline_sites', '.return_sites'];
const checkLists: Readonly<Record<string, 'ibt' | 'kcfi'>> = {
  '.ibt_endbr_seal': 'ibt',
  '.cfi_sites': 'kcfi',
  __kcfi_traps: 'kcfi',
  '.kcfi_traps': 'kcfi',
};

/** null for what is neither. */
export default factExtractor('tables', (elf): KernelCode | null => {
  const { kind: is } = kind(elf);
  if (is !== 'kernel' && is !== 'kernel-module') return null;
  const module = is === 'kernel-module' ? readModinfo(elf) : null;
  const lists = elf.sections.filter(({ size }) => size > 0n);
  const listed = lists.filter(({ name }) => retpolineLists.includes(name));
  const checks = lists.filter(({ name }) => checkLists[name] !== undefined);
  const said = module?.retpoline === 'Y';
  return {
    module,
    retpoline: said || listed.length > 0 ? 'built' : 'untold',
    branchChecks: [
      ...new Set([...checks.map(({ name }) => checkLists[name] ?? 'ibt'), ...bti(elf)]),
    ],
    evidence: [
      ...(said ? [{ what: '.modinfo', saw: 'retpoline=Y' }] : []),
      ...[...listed, ...checks].map(({ name, offset }) => ({ what: 'section', saw: name, offset })),
    ],
  };
});

/** GNU_PROPERTY_AARCH64_FEATURE_1_AND with BTI (bit 0), in the note of a module. */
function bti({ notes }: Elf): readonly 'bti'[] {
  const property = notes.some(
    ({ owner, type, description }) =>
      owner === 'GNU' &&
      type === 5 &&
      description.length >= 12 &&
      description.readUInt32LE(0) === 0xc0000000 &&
      (description.readUInt32LE(8) & 1) !== 0,
  );
  return property ? ['bti'] : [];
}
