// supporting: where the branch of a canary's check leads when the canary differs
import type { FailureLooks, IsLive, ReadCode } from '../machine.ts';
import { x86InstructionAt } from './x86-instruction.ts';

/** How far behind the comparison its branch may stand. */
const branchReach = 32;
/** What may stand before the call: values that are put back, an alignment, the address of the GOT. */
const beforeCall = 32;
/** `je` over the call, as compilers write it without optimisation. */
const overCall = 24;
/** A function that does something before it returns is longer than that, or does it at once. */
const functionReach = 32;
/** An instruction that begins within reach may end behind it. */
const longest = 15;

const CALL = 0xe8;
const JMP = 0xe9;
const JMP_SHORT = 0xeb;
const THROUGH = 0xff;
const returns: readonly number[] = [0xc2, 0xc3];
/** `hlt`, `int3`, `int`. */
const stops: readonly number[] = [0xf4, 0xcc, 0xcd];
/** Behind 0f: `ud2`, `syscall`, `sysenter`. */
const farStops: readonly number[] = [0x0b, 0x05, 0x34];
const ESCAPE = 0x0f;

const thunks = [Buffer.from('488d642408c3', 'hex'), Buffer.from('8d642404c3', 'hex')];

/** Goes from instruction to instruction: a distance or constant may hold any byte. */
export function x86Failure(wide: boolean): FailureLooks {
  return {
    leadsTo: (read, check, isLive) => leadsTo(read, check, isLive, wide),
    returnsAtOnce: (read, start) => returnsAtOnce(read, start, wide),
    mayReturn: (code) => mayReturn(code, wide),
  };
}

/** What an instruction does with the flow of control. */
type Step =
  | { readonly does: 'go on' | 'return' | 'stop' | 'call anything' | 'jump anywhere' }
  | { readonly does: 'call' | 'jump' | 'if equal' | 'if different'; readonly target: number };

const goesOn: Step = { does: 'go on' };

/**
 * Each instruction that begins in the first `reach` bytes, with where it ends; null for one that is not known. Until
 * `visit` returns something.
 */
function walk<T>(
  code: Buffer,
  reach: number,
  wide: boolean,
  visit: (step: Step | null, end: number) => T | undefined,
): T | undefined {
  for (let at = 0; at < Math.min(reach, code.length); ) {
    const instruction = x86InstructionAt(code, at, wide);
    const end = instruction?.end ?? code.length;
    const step = instruction === null ? null : stepOf(code, instruction.opcodeAt, end);
    const found = visit(step, end);
    if (found !== undefined) return found;
    at = end;
  }
  return undefined;
}

function stepOf(code: Buffer, at: number, end: number): Step {
  const opcode = code[at] ?? 0;
  const second = code[at + 1] ?? 0;
  const nearTarget = () => end + code.readInt32LE(end - 4);
  const shortTarget = () => end + code.readInt8(end - 1);
  if (opcode === CALL) return { does: 'call', target: nearTarget() };
  if (opcode === JMP) return { does: 'jump', target: nearTarget() };
  if (opcode === JMP_SHORT) return { does: 'jump', target: shortTarget() };
  if ((opcode & 0xfe) === 0x74)
    return { does: opcode === 0x74 ? 'if equal' : 'if different', target: shortTarget() };
  if (opcode === ESCAPE && (second & 0xfe) === 0x84)
    return { does: second === 0x84 ? 'if equal' : 'if different', target: nearTarget() };
  if (returns.includes(opcode)) return { does: 'return' };
  if (stops.includes(opcode) || (opcode === ESCAPE && farStops.includes(second)))
    return { does: 'stop' };
  const kind = (second >> 3) & 7;
  if (opcode !== THROUGH || kind < 2 || kind > 5) return goesOn;
  return { does: kind < 4 ? 'call anything' : 'jump anywhere' };
}

/** The code ends, or goes on where no offset tells. */
function isElsewhere({ does }: Step): boolean {
  return does === 'stop' || does === 'call anything' || does === 'jump anywhere';
}

/** By the first branch behind the comparison; a jump may lead to one that checks share. */
function leadsTo(
  read: ReadCode,
  check: number,
  isLive: IsLive,
  wide: boolean,
  mayJump = true,
): boolean {
  const code = Buffer.from(read(check, branchReach + longest));
  const leads = walk(code, branchReach, wide, (step, end) => {
    if (step === null) return isLive(null);
    if (step.does === 'return') return false;
    if (step.does === 'jump' && mayJump)
      return leadsTo(read, check + step.target, isLive, wide, false);
    if (step.does !== 'if equal' && step.does !== 'if different') return undefined;
    if (step.target === end) return false;
    const [differs, reach] = step.does === 'if equal' ? [end, overCall] : [step.target, beforeCall];
    return comesTo(read, check + differs, reach, isLive, wide);
  });
  return leads ?? false;
}

/** The first thing that some code calls, jumps to or stops at is live. No code at all is a stop. */
function comesTo(
  read: ReadCode,
  from: number,
  reach: number,
  isLive: IsLive,
  wide: boolean,
): boolean {
  const code = read(from, reach + longest);
  if (code.length === 0) return isLive(null);
  const comes = walk(code, reach, wide, (step) => {
    if (step?.does === 'return') return false;
    if (step === null || isElsewhere(step)) return isLive(null);
    return step.does === 'call' || step.does === 'jump' ? isLive(from + step.target) : undefined;
  });
  return comes ?? false;
}

/** A function comes to its return without a call, jump or stop: whatever it is told, it goes on. A number: it jumps there. */
function returnsAtOnce(read: ReadCode, start: number, wide: boolean): boolean | number {
  const code = read(start, functionReach + longest);
  const found = walk<boolean | number>(code, functionReach, wide, (step) => {
    if (step?.does === 'return') return true;
    if (step === null || isElsewhere(step)) return false;
    if (step.does === 'call') return isReturnThunk(code, step.target);
    return step.does === 'jump' ? start + step.target : undefined;
  });
  return found ?? false;
}

/** `lea n(%rsp),%rsp` and `ret`, which a function calls itself: what compilers put in the place of `ret`. */
function isReturnThunk(code: Buffer, at: number): boolean {
  return thunks.some((thunk) => at >= 0 && code.subarray(at, at + thunk.length).equals(thunk));
}

/** Something that is not known may do so. */
function mayReturn(code: Buffer, wide: boolean): boolean {
  const returning = walk(code, code.length, wide, (step) => {
    if (step === null || step.does === 'return') return true;
    if (step.does === 'jump')
      return step.target < 0 || step.target >= code.length ? true : undefined;
    return step.does === 'jump anywhere' ? true : undefined;
  });
  return returning ?? false;
}
