import type { Evidence } from '../../base/verdict.ts';
import { executableRanges } from '../../code/functions/executable-ranges.ts';
import {
  type FunctionTable,
  noFunctions,
  selectFunctions,
} from '../../code/functions/function-table.ts';
import { functionsOf } from '../../code/functions/functions.ts';
import { programSpans } from '../../code/functions/program-spans.ts';
import { isWithin } from '../../code/functions/span.ts';
import { DT, EM, SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { ElfSymbol } from '../../elf/records.ts';
import { evidence } from '../file/header-offsets.ts';
import { placesOfText } from '../search/byte-search.ts';
import type { LanguageMarks, LanguageName } from './language-marks.ts';

/**
 * Anybody can write a section, a comment, a constant or a symbol. What a language's own compiler leaves in all of its code
 * is proof: personality routines, names, imports of its library, or instructions. null where there is none.
 */
export function runtimeProof(elf: Elf, marks: LanguageMarks): Evidence | null {
  return (
    (marks.hasPersonality ? byPersonality(elf, marks) : null) ??
    byImports(elf, marks) ??
    byNames(elf, marks) ??
    byInstructions(elf, marks.name)
  );
}

/** Functions with a personality: Rust 15 to 26 of 100, a C library's (for cancelled threads) 2 of 100. */
const leastPersonality = 0.08;
const fewestFunctions = 8;

/** A language that unwinds has a routine of its own, which is in the file or imported by its name. */
function byPersonality(elf: Elf, { symbols = [] }: LanguageMarks): Evidence | null {
  const table = functionsOfProgram(elf);
  const counts = new Map<number, number>();
  for (const address of table.personalities) {
    if (address !== 0) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  const [common = 0, count = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const least = Math.max(fewestFunctions, leastPersonality * table.length);
  if (count < least) return null;
  const imported = importedAt(elf, common);
  if (imported !== null && !symbols.includes(imported)) return null;
  const at = elf.fileOffset(BigInt(common), 1);
  return evidence(
    'functions with its personality routine',
    `${count} of ${table.length}`,
    at === null ? null : BigInt(at),
  );
}

/** Without the C library that a static program contains, if it can be separated. */
function functionsOfProgram(elf: Elf): FunctionTable {
  const functions = functionsOf(elf);
  if (!functions.known) return noFunctions;
  const { table } = functions;
  const spans = programSpans(elf)?.spans;
  if (spans === undefined) return table;
  return selectFunctions(table, (index) => isWithin(spans, table.starts[index] ?? 0));
}

/** The name of the imported symbol whose address the loader writes to a slot. */
function importedAt(elf: Elf, slot: number): string | null {
  let index = 0;
  elf.visitRelocations(({ place, symbol }) => {
    if (place === slot && symbol !== 0) index = symbol;
  });
  if (index === 0) return null;
  const symbol = elf.dynamicSymbols.find((each) => each.index === index);
  return symbol?.sectionIndex === SHN.UNDEF ? symbol.name : null;
}

const enoughImports = 8;

/** Its library is needed, and functions of it are imported. */
function byImports(elf: Elf, { needed, names }: LanguageMarks): Evidence | null {
  if (needed === undefined || names === undefined) return null;
  const library = elf.dynamicStrings(DT.NEEDED).find((name) => needed.test(name));
  if (library === undefined) return null;
  const count = elf.dynamicSymbols.filter(
    ({ name, sectionIndex }) => sectionIndex === SHN.UNDEF && names.test(name),
  ).length;
  return count < enoughImports ? null : { what: `imports of ${library}`, saw: String(count) };
}

/** Names of its form cover this part of the code. */
const leastNamed = 0.3;

function byNames(elf: Elf, { names }: LanguageMarks): Evidence | null {
  if (names === undefined) return null;
  const size = executableRanges(elf).reduce((sum, { offset, end }) => sum + end - offset, 0);
  for (const [what, symbols] of [
    ['dynamic symbols', elf.dynamicSymbols],
    ['.symtab', elf.staticSymbols],
  ] as const) {
    const named = symbols.filter((symbol) => isFunction(symbol) && names.test(symbol.name));
    const covered = named.reduce((sum, symbol) => sum + Number(symbol.size), 0);
    if (named.length >= 20 && covered >= leastNamed * size)
      return { what: `functions with its names in ${what}`, saw: String(named.length) };
  }
  return null;
}

function isFunction({ type, sectionIndex }: ElfSymbol): boolean {
  return type === STT.FUNC && sectionIndex !== SHN.UNDEF;
}

/**
 * What its compiler writes into nearly every function: GHC looks at its stack's limit (`cmp %r15,%rax`) and leaves through
 * the next closure (`jmp *(%rbp)`), OCaml compares its heap pointer with the limit (`cmp (%r14),%r15`, before 5 `cmp 8(%r14),%r15`).
 */
const instructions: Readonly<Partial<Record<LanguageName, readonly string[]>>> = {
  haskell: ['4c39f8', 'ff6500'],
  ocaml: ['4d3b3e', '4d3b7e08'],
};
/** One in so many bytes of code. */
const mostBytes = 2048;

function byInstructions(elf: Elf, name: LanguageName): Evidence | null {
  const forms = elf.header.machine === EM.X86_64 ? instructions[name] : undefined;
  if (forms === undefined) return null;
  let size = 0;
  let count = 0;
  for (const { offset, end } of executableRanges(elf)) {
    size += end - offset;
    for (const form of forms) {
      const range = { start: offset, end };
      count += placesOfText(elf.bytes, Buffer.from(form, 'hex'), range, size).length;
    }
  }
  if (count < 32 || count * mostBytes < size) return null;
  return { what: 'instructions of its compiler', saw: String(count) };
}
