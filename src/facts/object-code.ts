import type { Evidence } from '../base/verdict.ts';
import { EM, SHF } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import type { Section } from '../elf/records.ts';
import { factExtractor } from './fact-extractor.ts';
import { demandSections } from './file/lost-sections.ts';
import kind from './kind.ts';

/** What an object file leaves open to those that link it. */
export interface ObjectCode {
  /**
   * Whether a position-independent program can be linked with it: not where code or data hold absolute addresses that a linker has no
   * relocation for at run time. null: that is not known of the machine, or decided when bytecode is compiled.
   */
  readonly fitsPie: boolean | null;
  /** Bytecode of link-time optimisation: `alone` can be linked by the compiler that wrote it, and by no other. */
  readonly bytecode: 'none' | 'with code' | 'alone';
  readonly evidence: readonly Evidence[];
}

/** null of any other file. */
export default factExtractor('tables', (elf): ObjectCode | null => {
  if (kind(elf).kind !== 'object') return null;
  demandSections(elf);
  const absolute = firstAbsolute(elf);
  const bytecode = elf.sections.find(({ name }) => /^\.(?:gnu\.lto_|llvm\.lto$)/.test(name));
  const hasCode = elf.sections.some((section) => isCode(section) && section.size > 0n);
  const isAlone = bytecode !== undefined && !hasCode;
  return {
    fitsPie: isAlone || !absolutes.has(elf.header.machine) ? null : absolute === null,
    bytecode: bytecode === undefined ? 'none' : isAlone ? 'alone' : 'with code',
    evidence: [
      ...(absolute === null ? [] : [absolute]),
      ...(bytecode === undefined ? [] : [{ what: 'section', saw: bytecode.name }]),
    ],
  };
});

interface Absolutes {
  readonly types: readonly (readonly [type: number, name: string])[];
  /** In data a linker leaves such an address to the loader. */
  readonly inCode: boolean;
}

/** By machine (x86-64 psABI 4.4.1, i386 psABI 4.4, aaelf64 5.7): addresses that are too short, or that code holds. */
const absolutes: ReadonlyMap<number, Absolutes> = new Map([
  [
    EM.X86_64,
    {
      inCode: false,
      types: [
        [10, 'R_X86_64_32'],
        [11, 'R_X86_64_32S'],
        [12, 'R_X86_64_16'],
      ],
    },
  ],
  [EM.I386, { inCode: true, types: [[1, 'R_386_32']] }],
  [
    EM.AARCH64,
    {
      inCode: true,
      types: [
        [263, 'R_AARCH64_MOVW_UABS_G0'],
        [264, 'R_AARCH64_MOVW_UABS_G0_NC'],
        [265, 'R_AARCH64_MOVW_UABS_G1'],
        [269, 'R_AARCH64_MOVW_UABS_G3'],
      ],
    },
  ],
]);

function firstAbsolute(elf: Elf): Evidence | null {
  const known = absolutes.get(elf.header.machine);
  if (known === undefined) return null;
  let found: Evidence | null = null;
  elf.visitRelocations(({ type, place }, at) => {
    const section = found === null ? elf.sections[at] : undefined;
    const name = known.types.find(([each]) => each === type)?.[1];
    if (section === undefined || name === undefined || !isLoaded(section)) return;
    if (known.inCode && !isCode(section)) return;
    found = { what: `relocation in ${section.name}`, saw: `${name} at ${place}` };
  });
  return found;
}

function isLoaded({ flags }: Section): boolean {
  return (flags & SHF.ALLOC) !== 0n;
}

function isCode({ flags }: Section): boolean {
  return (flags & SHF.EXECINSTR) !== 0n;
}
