import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { executableRanges } from '../functions/executable-ranges.ts';
import { functionsOf } from '../functions/functions.ts';
import { type X86Instruction, x86InstructionAt } from '../machines/x86-instruction.ts';
import {
  asksProcessor,
  type InstructionNeed,
  isOldVector,
  needOfInstruction,
} from './instruction-level.ts';

type Rank = InstructionNeed['rank'];

/** What the instructions of a file for x86-64 need of the processor, whether they are executed or not. */
export interface CodeNeeds {
  /** By rank, the lowest first: the first instruction of it, and how many described functions have such as their highest. */
  readonly ranks: readonly RankedCode[];
  /** Described functions that work with vectors as processors without AVX do; and those that use AVX or more. */
  readonly oldVectors: number;
  readonly newVectors: number;
  /** Described functions. */
  readonly functions: number;
  /** File offset of the first instruction that asks the processor what it has (CPUID, XGETBV); null: none does. */
  readonly asks: number | null;
}

export interface RankedCode {
  readonly rank: Rank;
  readonly feature: string;
  /** File offset. */
  readonly offset: number;
  readonly functions: number;
}

/** Code without functions is read in pieces. */
const pieceSize = 1024 * 1024;
const longest = 15;

/** Reads all executable bytes, function by function and what lies between them, so that data among code misleads for a few bytes only. */
export const codeNeeds = perFile((elf): CodeNeeds => {
  const tally = new Tally();
  const functions = functionsOf(elf);
  const { length, starts, ends } = functions.known
    ? functions.table
    : { length: 0, starts: [], ends: [] };
  let index = 0;
  for (const { offset, end } of executableRanges(elf)) {
    let at = offset;
    while (index < length && (starts[index] ?? 0) < offset) index += 1;
    for (; index < length && (starts[index] ?? 0) < end; index += 1) {
      const start = starts[index] ?? 0;
      if (start > at) readBetween(elf, at, start, tally);
      const last = Math.min(ends[index] ?? 0, end);
      if (last <= at) continue;
      const from = Math.max(start, at);
      tally.begin();
      readCode(elf.bytes.glance(from, last - from), from, last - from, tally);
      tally.end();
      at = last;
    }
    readBetween(elf, at, end, tally);
  }
  return tally.result();
});

function readBetween(elf: Elf, from: number, until: number, tally: Tally): void {
  let at = from;
  while (at < until) {
    const size = Math.min(pieceSize + longest, until - at);
    const most = at + size < until ? pieceSize : size;
    at += readCode(elf.bytes.glance(at, size), at, most, tally);
  }
}

/** Instructions that begin before `most`; where the next one begins. */
function readCode(code: Buffer, offset: number, most: number, tally: Tally): number {
  let at = 0;
  while (at < most) {
    const instruction = x86InstructionAt(code, at, true);
    if (instruction === null) {
      at += 1;
      continue;
    }
    tally.add(code, at, instruction, offset + at);
    at = instruction.end;
  }
  return Math.max(at, 1);
}

class Tally {
  readonly #ranks = new Map<Rank, { feature: string; offset: number; functions: number }>();
  #highest: Rank | null = null;
  #isOld = false;
  #isNew = false;
  #oldVectors = 0;
  #newVectors = 0;
  #functions = 0;
  #asks: number | null = null;

  begin(): void {
    this.#highest = null;
    this.#isOld = false;
    this.#isNew = false;
  }

  add(code: Buffer, at: number, instruction: X86Instruction, offset: number): void {
    const first = code[instruction.opcodeAt] ?? 0;
    // Most instructions are of none of these.
    if (first !== 0x0f && first < 0x62) return;
    this.#isOld ||= isOldVector(code, instruction);
    if (this.#asks === null && asksProcessor(code, instruction)) this.#asks = offset;
    const need = needOfInstruction(code, at, instruction);
    if (need === null) return;
    if (need.rank >= 3) this.#isNew ||= first !== 0x0f;
    if (need.rank > (this.#highest ?? 0)) this.#highest = need.rank;
    if (!this.#ranks.has(need.rank))
      this.#ranks.set(need.rank, { feature: need.feature, offset, functions: 0 });
  }

  end(): void {
    this.#functions += 1;
    if (this.#isOld) this.#oldVectors += 1;
    if (this.#isNew) this.#newVectors += 1;
    const ranked = this.#highest === null ? undefined : this.#ranks.get(this.#highest);
    if (ranked !== undefined) ranked.functions += 1;
  }

  result(): CodeNeeds {
    return {
      ranks: [...this.#ranks]
        .map(([rank, found]) => ({ rank, ...found }))
        .sort((a, b) => a.rank - b.rank),
      oldVectors: this.#oldVectors,
      newVectors: this.#newVectors,
      functions: this.#functions,
      asks: this.#asks,
    };
  }
}
