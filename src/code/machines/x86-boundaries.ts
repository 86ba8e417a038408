import type { OpcodeLooks } from '../machine.ts';
import { lengthIn, measuredAt, prefixesIn, type X86Instruction } from './x86-instruction.ts';

/** How far before a place instructions are taken apart: what is read from any byte on soon falls into step with the others. */
const reach = 64;
/** Behind the place, for the instruction there. */
const longest = 15;

/** Offsets in the code. */
export interface X86InstructionBefore extends X86Instruction {
  readonly begin: number;
}

/** Instructions that begin within some bytes before a place, as most readings from these bytes on agree on them. */
interface Readings {
  /** Offset in the code of the first byte that was read from. */
  readonly from: number;
  /** By distance from there: behind the instruction, and of its opcode; 0 where none is known. */
  readonly ends: Uint8Array;
  readonly opcodes: Uint8Array;
  /** How many readings come by. */
  readonly votes: Uint8Array;
}

/** Of the last readings: they are used up before the next ones, of which a file has many thousands. */
const ends = new Uint8Array(reach + 1);
const opcodes = new Uint8Array(reach + 1);
const votes = new Uint8Array(reach + 1);

/** Valid until the next call. */
function readingsBefore(code: Buffer, place: number, wide: boolean): Readings {
  const from = Math.max(0, place - reach);
  const limit = Math.min(code.length, place + longest);
  const size = place - from + 1;
  votes.fill(0);
  for (let at = 0; at < size; at += 1) {
    const count = (votes[at] ?? 0) + 1;
    votes[at] = count;
    const measured = measuredAt(code, from + at, limit, wide);
    const end = measured === 0 ? 0 : at + lengthIn(measured);
    ends[at] = end;
    opcodes[at] = measured === 0 ? 0 : at + prefixesIn(measured);
    if (measured !== 0 && end < size) votes[end] = (votes[end] ?? 0) + count;
  }
  return { from, ends, opcodes, votes };
}

/**
 * Whether an instruction has its opcode at a place: most readings of the bytes before it come to its beginning. The parts of
 * constants and distances may look like any instruction.
 */
export function x86IsOpcode(wide: boolean): OpcodeLooks {
  return { reach, confirms: (code, at) => isOpcode(code, at, wide) };
}

function isOpcode(code: Buffer, place: number, wide: boolean): boolean {
  const { from, opcodes, votes } = readingsBefore(code, place, wide);
  const at = place - from;
  for (let begin = at; begin >= Math.max(0, at - longest); begin -= 1) {
    if (opcodes[begin] === at && (votes[begin] ?? 0) * 2 > begin + 1) return true;
  }
  return false;
}

/** Instructions of the code before the one at `place`, the nearest first; as far as most readings agree on them. */
export function x86InstructionsBefore(
  code: Buffer,
  place: number,
  wide: boolean,
): readonly X86InstructionBefore[] {
  const { from, ends, opcodes, votes } = readingsBefore(code, place, wide);
  const found: X86InstructionBefore[] = [];
  let end = place - from;
  for (let begin = end - 1; begin >= 0 && end - begin <= longest; begin -= 1) {
    if (ends[begin] !== end || (votes[begin] ?? 0) * 2 <= begin + 1) continue;
    found.push({ begin: from + begin, opcodeAt: from + (opcodes[begin] ?? 0), end: from + end });
    end = begin;
  }
  return found;
}
