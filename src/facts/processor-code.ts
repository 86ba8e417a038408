import type { Evidence } from '../base/verdict.ts';
import { codeOffset } from '../code/functions/code-address.ts';
import { startupOf } from '../code/functions/program-spans.ts';
import { x86InstructionAt } from '../code/machines/x86-instruction.ts';
import { codeNeeds } from '../code/processor/code-needs.ts';
import { type InstructionNeed, needOfInstruction } from '../code/processor/instruction-level.ts';
import { visitSureCode } from '../code/processor/sure-code.ts';
import { DT, EM } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import { evidence, hex } from './file/header-offsets.ts';
import kind from './kind.ts';
import { functionTables } from './link-tables/function-tables.ts';
import type { CertainLevel, CodeLevel } from './processor/certain-level.ts';
import { levelByGo } from './processor/go-level.ts';
import { choiceIn } from './processor/processor-choice.ts';

/** What the code of a file for x86-64 needs of the processor. */
export interface ProcessorCode {
  /** What its instructions need beyond x86-64-v1, the least first; `none`: extensions that no level has. */
  readonly instructions: readonly NeededLevel[];
  /** The highest level that every run needs which gets through its start; null: none beyond x86-64-v1 is seen. */
  readonly certain: CertainLevel | null;
  /**
   * All its described functions that work with vectors do so by AVX: there is no other form of them that a processor without it
   * could execute.
   */
  readonly vectors: 'AVX throughout' | 'others too' | 'few';
  /** What shows that it may choose its code by the processor at run time; null: nothing does. */
  readonly choosesBy: string | null;
  readonly evidence: readonly Evidence[];
}

export interface NeededLevel {
  readonly level: CodeLevel;
  /** The first one in the file: `AVX`, `POPCNT`. */
  readonly feature: string;
  /** Described functions that need this level and no higher one. */
  readonly functions: number;
}

const levels = { 2: 'x86-64-v2', 3: 'x86-64-v3', 4: 'x86-64-v4', 5: 'none' } as const;

/** null on other machines, and of files that are not run by Linux. */
export default factExtractor('code', (elf): ProcessorCode | null => {
  if (elf.header.machine !== EM.X86_64 || !isRun(elf)) return null;
  const needs = codeNeeds(elf);
  const instructions = needs.ranks.map(({ rank, feature, functions }) => ({
    level: levels[rank],
    feature,
    functions,
  }));
  const choosesBy = choiceIn(elf, needs.asks);
  const certain = levelByGo(elf) ?? certainBy(surelyExecuted(elf));
  return {
    instructions,
    certain,
    vectors: vectorsOf(needs),
    choosesBy,
    evidence: needs.ranks.map(({ rank, feature, offset }) =>
      evidence(`${feature} (${levels[rank]})`, hex(BigInt(offset)), BigInt(offset)),
    ),
  };
});

function isRun(elf: Elf): boolean {
  const { kind: is } = kind(elf);
  return (
    is === 'executable' ||
    is === 'static-executable' ||
    is === 'static-pie' ||
    is === 'shared-library' ||
    is === 'executable-library' ||
    is === 'loader'
  );
}

/** Fewer show the choice of a few files, and not that of the whole. */
const fewest = 4;

function vectorsOf({ newVectors, oldVectors }: ReturnType<typeof codeNeeds>) {
  if (newVectors < fewest) return 'few';
  return oldVectors === 0 ? 'AVX throughout' : 'others too';
}

function certainBy(found: Sure | null): CertainLevel | null {
  if (found === null) return null;
  const { need, offset } = found;
  const because = `its start leads to ${need.feature} at offset ${hex(BigInt(offset))}`;
  return { level: levels[need.rank], because };
}

interface Sure {
  readonly need: InstructionNeed;
  readonly offset: number;
}

function surelyExecuted(elf: Elf): Sure | null {
  let highest: Sure | null = null;
  visitSureCode(elf, rootsOf(elf), (code, offset) => {
    const instruction = x86InstructionAt(code, 0, true);
    const need = instruction === null ? null : needOfInstruction(code, 0, instruction);
    if (need !== null && need.rank > (highest?.need.rank ?? 0)) highest = { need, offset };
  });
  return highest;
}

/** What runs when the file is started or loaded, as file offsets. */
function rootsOf(elf: Elf): readonly number[] {
  const isProgram = kind(elf).kind !== 'shared-library';
  const { entry } = elf.header;
  const addresses = [
    ...(isProgram ? [entry, optional(() => startupOf(elf)?.main) ?? null] : []),
    elf.dynamicValue(DT.INIT),
    ...initialisersOf(elf),
  ];
  return addresses.flatMap((address) => {
    const offset = address === null || address === 0n ? null : codeOffset(elf, address);
    return offset === null ? [] : [offset];
  });
}

const mostInitialisers = 200;

/** As the file has them before they are relocated, which linkers of GNU write for the addends too. */
function initialisersOf(elf: Elf): readonly bigint[] {
  if (elf.header.bits !== 64) return [];
  return functionTables(elf).flatMap(({ tag, start, end }) => {
    if (tag === 'FINI_ARRAY' || end <= start) return [];
    const count = Math.min(mostInitialisers, Number((end - start) / 8n));
    const offset = elf.fileOffset(start, count * 8);
    if (offset === null) return [];
    const bytes = elf.bytes.read(offset, count * 8);
    return Array.from({ length: count }, (_, index) => bytes.readBigUInt64LE(index * 8));
  });
}
