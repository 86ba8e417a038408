import type { Evidence } from '../base/verdict.ts';
import { executableRanges } from '../code/functions/executable-ranges.ts';
import { DT, EM } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { propertyBits } from './file/gnu-properties.ts';
import { placesOfText } from './search/byte-search.ts';
import { dynamicNames } from './search/dynamic-names.ts';
import { staticNames } from './search/static-names.ts';

/** A protection that few builds have and that no rule requires. */
export interface OtherProtection {
  readonly name: 'SafeStack' | 'CFI' | 'kCFI' | 'ShadowCallStack' | 'MTE' | 'PAuth ABI';
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
export default factExtractor('code', (elf): readonly OtherProtection[] => [
  ...searches.flatMap(({ name, dynamic, listed }): OtherProtection[] => {
    const found = dynamic.allIn(elf)[0];
    const inTable = found === undefined ? listed.firstIn(elf) : null;
    if (found !== undefined) return [{ name, evidence: [{ what: 'dynamic symbol', saw: found }] }];
    return inTable === null ? [] : [{ name, evidence: [{ what: '.symtab', saw: inTable }] }];
  }),
  ...kernelControlFlow(elf),
  ...shadowCallStack(elf),
  ...memoryTagging(elf),
  ...pointerAuthentication(elf),
]);

/** Where the checks of calls by pointer trap: the kernel looks an address up there (clang's -fsanitize=kcfi on x86-64). */
function kernelControlFlow(elf: Elf): readonly OtherProtection[] {
  const traps = elf.sections.find(({ name, size }) => name === '.kcfi_traps' && size > 0n);
  const evidence =
    traps === undefined
      ? checkedCall(elf)
      : { what: 'section', saw: traps.name, offset: traps.offset };
  return evidence === null ? [] : [{ name: 'kCFI', evidence: [evidence] }];
}

/** `cmp w16, w17` and `b.eq` over one instruction: AArch64 compares the type in front of a function with the one that is called. */
const typeCheck = Buffer.from([0x1f, 0x02, 0x11, 0x6b, 0x40, 0x00, 0x00, 0x54]);

/** What traps says by its number which registers had both (CFI_BRK_IMM_BASE in arch/arm64/include/asm/brk-imm.h); the low bits vary. */
const trap = 0xd4304400;
const trapBits = 0xfffffc1f;

function checkedCall(elf: Elf): Evidence | null {
  if (elf.header.machine !== EM.AARCH64) return null;
  for (const { offset, end } of executableRanges(elf)) {
    const places = placesOfText(elf.bytes, typeCheck, { start: offset, end: end - 4 }, mostPlaces);
    const place = places.find(
      (at) =>
        (at - offset) % 4 === 0 &&
        ((elf.bytes.read(at + typeCheck.length, 4).readUInt32LE(0) & trapBits) ^ trap) === 0,
    );
    if (place !== undefined)
      return { what: 'instruction', saw: 'brk behind cmp w16, w17', offset: BigInt(place) };
  }
  return null;
}

/** `str x30, [x18], #8` and `ldr x30, [x18, #-8]!`, with which functions of clang and GCC begin and end. */
const pushes = Buffer.from([0x5e, 0x86, 0x00, 0xf8]);
const pops = Buffer.from([0x5e, 0x8e, 0x5f, 0xf8]);

/** Enough to find one that lies where an instruction does. */
const mostPlaces = 100;

/** By code of aarch64, of which a file has both: nothing else marks it. */
function shadowCallStack(elf: Elf): readonly OtherProtection[] {
  if (elf.header.machine !== EM.AARCH64) return [];
  const ranges = executableRanges(elf);
  const firstOf = (word: Buffer) =>
    ranges
      .flatMap(({ offset, end }) =>
        placesOfText(elf.bytes, word, { start: offset, end }, mostPlaces).filter(
          (place) => (place - offset) % word.length === 0,
        ),
      )
      .at(0);
  const push = firstOf(pushes);
  if (push === undefined || firstOf(pops) === undefined) return [];
  const evidence = { what: 'instruction', saw: 'str x30, [x18], #8', offset: BigInt(push) };
  return [{ name: 'ShadowCallStack', evidence: [evidence] }];
}

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
