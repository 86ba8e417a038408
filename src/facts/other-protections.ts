import type { Evidence } from '../base/verdict.ts';
import { DT, EM } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { propertyBits } from './file/gnu-properties.ts';
import { dynamicNames } from './search/dynamic-names.ts';
import { staticNames } from './search/static-names.ts';

/** A protection that few builds have and that no rule requires. */
export interface OtherProtection {
  readonly name: 'SafeStack' | 'CFI' | 'MTE' | 'PAuth ABI';
  readonly evidence: readonly Evidence[];
}

/** What the runtimes of clang are called by (compiler-rt, lib/safestack and lib/cfi). */
const bySymbols: readonly (readonly [name: OtherProtection['name'], symbols: readonly string[]])[] =
  [
    ['SafeStack', ['__safestack_init', '__safestack_unsafe_stack_ptr']],
    ['CFI', ['__cfi_check', '__cfi_slowpath', '__cfi_slowpath_diag', '__cfi_check_fail']],
  ];

const searches = bySymbols.map(([name, symbols]) => ({
  name,
  dynamic: dynamicNames(symbols),
  listed: staticNames(symbols),
}));

/** [] where there is none. What an optimiser inlined leaves no name: that one is missing here shows nothing. */
export default factExtractor('tables', (elf): readonly OtherProtection[] => [
  ...searches.flatMap(({ name, dynamic, listed }): OtherProtection[] => {
    const found = dynamic.allIn(elf)[0];
    const inTable = found === undefined ? listed.firstIn(elf) : null;
    if (found !== undefined) return [{ name, evidence: [{ what: 'dynamic symbol', saw: found }] }];
    return inTable === null ? [] : [{ name, evidence: [{ what: '.symtab', saw: inTable }] }];
  }),
  ...memoryTagging(elf),
  ...pointerAuthentication(elf),
]);

/** DT_AARCH64_MEMTAG_MODE (aaelf64, section "Dynamic Section"), and what Android had before it. */
const memtagMode = 0x70000009;
const androidMemtag = 4;

function memoryTagging(elf: Elf): readonly OtherProtection[] {
  if (elf.header.machine !== EM.AARCH64) return [];
  const mode = elf.dynamicValue(memtagMode);
  const note = elf.notes.find(({ owner, type }) => owner === 'Android' && type === androidMemtag);
  const evidence: readonly Evidence[] = [
    ...(mode === null ? [] : [{ what: 'DT_AARCH64_MEMTAG_MODE', saw: String(mode) }]),
    ...(note === undefined
      ? []
      : [{ what: 'note', saw: 'Android MEMTAG', offset: BigInt(note.offset) }]),
  ];
  return evidence.length === 0 ? [] : [{ name: 'MTE', evidence }];
}

/** GNU_PROPERTY_AARCH64_FEATURE_PAUTH: platform and version of signed pointers (pauthabielf64). */
const pauthProperty = 0xc0000001;

function pointerAuthentication(elf: Elf): readonly OtherProtection[] {
  if (elf.header.machine !== EM.AARCH64) return [];
  const property = propertyBits(elf, pauthProperty);
  const slots = elf.dynamicValue(DT.AARCH64_PAC_PLT);
  const evidence: readonly Evidence[] = [
    ...(property === null
      ? []
      : [{ what: 'property PAUTH', saw: 'platform and version', offset: BigInt(property.offset) }]),
    ...(slots === null ? [] : [{ what: 'DT_AARCH64_PAC_PLT', saw: 'there' }]),
  ];
  return evidence.length === 0 ? [] : [{ name: 'PAuth ABI', evidence }];
}
