import type { Elf } from '../../elf/model.ts';
import { executableRanges } from '../functions/executable-ranges.ts';
import { functionsOf } from '../functions/functions.ts';
import { x86InstructionAt } from '../machines/x86-instruction.ts';
import { x86Steps } from '../start/x86-step.ts';
import { dominatorsOfEnd } from './dominators.ts';

/** Instructions of one function that are followed, and of all. */
const mostInstructions = 20_000;
const mostOfAll = 200_000;
const longest = 15;

/** Gets an instruction that is surely executed: its bytes begin at `at` of the code, and lie at a file offset. */
export type VisitInstruction = (code: Buffer, offset: number) => void;

/**
 * Visits instructions of x86-64 that every run executes which starts the functions at these file offsets and gets through
 * them: those on all paths from the beginning of a function to its returns, and the same of what they call straight. A
 * function that never returns counts up to its first branch. What a call may prevent by ending the program is not known.
 */
export function visitSureCode(elf: Elf, roots: readonly number[], visit: VisitInstruction): void {
  const ends = endsOfFunctions(elf);
  const seen = new Set<number>();
  const open = [...roots];
  let left = mostOfAll;
  for (let start = open.pop(); start !== undefined && left > 0; start = open.pop()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const range = executableRanges(elf).find(({ offset, end }) => offset <= start && start < end);
    if (range === undefined) continue;
    const paths = pathsFrom(elf, start, range, ends.get(start) ?? start);
    left -= paths.offsets.length;
    for (const at of surePlaces(paths)) {
      const { callee } = paths.nodes[at] ?? {};
      if (callee !== undefined) open.push(callee);
      const offset = paths.offsets[at] ?? 0;
      visit(elf.bytes.glance(offset, Math.min(longest, range.end - offset)), offset);
    }
  }
}

/** By file offsets. */
function endsOfFunctions(elf: Elf): ReadonlyMap<number, number> {
  const functions = functionsOf(elf);
  if (!functions.known) return new Map();
  const { length, starts, ends } = functions.table;
  const found = new Map<number, number>();
  for (let index = 0; index < length; index += 1) found.set(starts[index] ?? 0, ends[index] ?? 0);
  return found;
}

interface Node {
  /** Indexes of nodes. */
  readonly next: readonly number[];
  /** A path ends behind it. */
  readonly ends: boolean;
  /** It returns to the caller, within the described function. */
  readonly returns: boolean;
  readonly callee?: number;
}

interface CodePaths {
  /** The first one is where the function begins. */
  readonly nodes: readonly Node[];
  /** File offsets of the nodes. */
  readonly offsets: readonly number[];
}

function pathsFrom(
  elf: Elf,
  start: number,
  range: { readonly offset: number; readonly end: number },
  end: number,
): CodePaths {
  const indexes = new Map<number, number>([[start, 0]]);
  const offsets = [start];
  const nodes: Node[] = [];
  const indexOf = (offset: number): number | null => {
    if (offset < range.offset || offset >= range.end) return null;
    const known = indexes.get(offset);
    if (known !== undefined) return known;
    if (offsets.length >= mostInstructions) return null;
    indexes.set(offset, offsets.length);
    return offsets.push(offset) - 1;
  };
  for (let index = 0; index < offsets.length; index += 1) {
    const offset = offsets[index] ?? 0;
    const code = elf.bytes.glance(offset, Math.min(longest, range.end - offset));
    const { onward, callee, returns } = flowOf(code, offset);
    const next = onward.map(indexOf);
    const isInside = callee !== undefined && callee >= range.offset && callee < range.end;
    nodes.push({
      next: next.filter((each) => each !== null),
      ends: next.length === 0 || next.includes(null),
      returns: returns && offset < end,
      ...(isInside ? { callee } : {}),
    });
  }
  return { nodes, offsets };
}

interface InstructionFlow {
  /** File offsets. */
  readonly onward: readonly number[];
  readonly returns: boolean;
  readonly callee?: number;
}

const steps = x86Steps(true);

/** Addresses are file offsets here: jumps are relative. Calls are taken to return. */
function flowOf(code: Buffer, offset: number): InstructionFlow {
  const step = steps(code, BigInt(offset), () => null);
  switch (step.does) {
    case 'plain':
      return { onward: [offset + step.length], returns: false };
    case 'jump':
      return { onward: [Number(step.target)], returns: false };
    case 'branch':
      return { onward: [offset + step.length, Number(step.target)], returns: false };
    case 'call':
      return { onward: [offset + step.length], returns: false, callee: Number(step.target) };
    case 'return':
      return { onward: [], returns: true };
    case 'dies':
      return { onward: [], returns: false };
    case 'unknown':
      return { onward: behindCall(code, offset), returns: false };
  }
}

/** Behind a call through a pointer, and a system call; other jumps end what is known of the path. */
function behindCall(code: Buffer, offset: number): readonly number[] {
  const instruction = x86InstructionAt(code, 0, true);
  if (instruction === null) return [];
  const { opcodeAt, end } = instruction;
  const isCall = code[opcodeAt] === 0xff && ((code[opcodeAt + 1] ?? 0) & 0x38) === 0x10;
  const isSystemCall = code[opcodeAt] === 0x0f && code[opcodeAt + 1] === 0x05;
  const isVector = code[opcodeAt] === 0x62;
  return isCall || isSystemCall || isVector ? [offset + end] : [];
}

function surePlaces({ nodes }: CodePaths): readonly number[] {
  if (nodes.some(({ returns }) => returns)) {
    return dominatorsOfEnd(
      nodes.map(({ next }) => next),
      nodes.map(({ ends }) => ends),
    );
  }
  const places: number[] = [];
  const seen = new Set<number>();
  for (let at: number | undefined = 0; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    places.push(at);
    const { next, ends }: Node = nodes[at] ?? { next: [], ends: true, returns: false };
    at = next.length === 1 && !ends ? next[0] : undefined;
  }
  return places;
}
