import type { FailureLooks, IsLive, ReadCode } from '../machine.ts';
import { x86InstructionAt } from './x86-instruction.ts';
import { x86Paths } from './x86-paths.ts';

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
    ...(wide ? { callsAtOnce } : {}),
    returnsAtOnce: (read, start) => returnsAtOnce(read, start, wide),
    mayReturn: (code) => mayReturn(code, wide),
    paths: x86Paths(wide),
  };
}

/** What an instruction does with the flow of control, and where in the code it leads and ends. */
interface Step {
  readonly does:
    | ('return' | 'stop' | 'call anything' | 'jump anywhere' | 'something unknown')
    | ('call' | 'jump' | 'if equal' | 'if different');
  /** NaN if there is none. */
  readonly target: number;
  readonly end: number;
}

/**
 * The next instruction that does not simply go on, of those that begin from `from` on and before `reach`; null where there is
 * none. What is not known may do anything, and nothing behind it is known.
 */
function nextStep(code: Buffer, from: number, reach: number, wide: boolean): Step | null {
  const until = Math.min(reach, code.length);
  for (let at = from; at < until; ) {
    if (wide && isGuardCompared(code, at)) {
      at += guardCompared;
      continue;
    }
    const instruction = x86InstructionAt(code, at, wide);
    if (instruction === null)
      return { does: 'something unknown', target: Number.NaN, end: code.length };
    const { opcodeAt, end } = instruction;
    const step = stepOf(code, opcodeAt, end);
    if (step !== null) return step;
    at = end;
  }
  return null;
}

/** `sub %fs:n,r64` or `xor`, with which nearly every check begins: no need to take it apart. */
const guardCompared = 9;

function isGuardCompared(code: Buffer, at: number): boolean {
  return (
    code[at] === 0x64 &&
    (code[at + 1] === 0x48 || code[at + 1] === 0x4c) &&
    (code[at + 2] === 0x2b || code[at + 2] === 0x33) &&
    ((code[at + 3] ?? 0) & 0xc7) === 0x04 &&
    code[at + 4] === 0x25 &&
    at + guardCompared <= code.length
  );
}

/** null for one that goes on. */
function stepOf(code: Buffer, at: number, end: number): Step | null {
  const opcode = code[at] ?? 0;
  // Most instructions are none of these.
  if (opcode < 0x70 && opcode !== ESCAPE) return null;
  const second = code[at + 1] ?? 0;
  if (opcode === CALL) return { does: 'call', target: nearTarget(code, end), end };
  if (opcode === JMP) return { does: 'jump', target: nearTarget(code, end), end };
  if (opcode === JMP_SHORT) return { does: 'jump', target: shortTarget(code, end), end };
  if ((opcode & 0xfe) === 0x74) return { does: ifOf(opcode), target: shortTarget(code, end), end };
  if (opcode === ESCAPE && (second & 0xfe) === 0x84)
    return { does: ifOf(second), target: nearTarget(code, end), end };
  if (returns.includes(opcode)) return { does: 'return', target: Number.NaN, end };
  if (stops.includes(opcode) || (opcode === ESCAPE && farStops.includes(second)))
    return { does: 'stop', target: Number.NaN, end };
  const kind = (second >> 3) & 7;
  if (opcode !== THROUGH || kind < 2 || kind > 5) return null;
  return { does: kind < 4 ? 'call anything' : 'jump anywhere', target: Number.NaN, end };
}

function nearTarget(code: Buffer, end: number): number {
  return end + code.readInt32LE(end - 4);
}

function shortTarget(code: Buffer, end: number): number {
  return end + code.readInt8(end - 1);
}

/** `je` has an even opcode. */
function ifOf(opcode: number): 'if equal' | 'if different' {
  return (opcode & 1) === 0 ? 'if equal' : 'if different';
}

/** The code ends, or goes on at an unknown offset. */
function isElsewhere({ does }: Step): boolean {
  return (
    does === 'stop' ||
    does === 'call anything' ||
    does === 'jump anywhere' ||
    does === 'something unknown'
  );
}

/** `jne` right behind the comparison leads on to a `call`. */
function callsAtOnce(code: Buffer, check: number, end: number): number | null {
  const branch = check + guardCompared;
  if (branch + 6 > end || !isGuardCompared(code, check)) return null;
  const isShort = code[branch] === 0x75;
  if (!isShort && (code[branch] !== ESCAPE || code[branch + 1] !== 0x85)) return null;
  const behind = branch + (isShort ? 2 : 6);
  const call = isShort ? shortTarget(code, behind) : nearTarget(code, behind);
  if (call <= behind || call + 5 > end || code[call] !== CALL) return null;
  return nearTarget(code, call + 5);
}

/** By the first branch behind the comparison; a jump may lead to one that checks share. */
function leadsTo(
  read: ReadCode,
  check: number,
  isLive: IsLive,
  wide: boolean,
  mayJump = true,
): boolean {
  const code = read(check, branchReach + longest);
  for (let from = 0; ; ) {
    const step = nextStep(code, from, branchReach, wide);
    if (step === null || step.does === 'return') return false;
    const { does, target, end } = step;
    if (does === 'something unknown') return isLive(null);
    if (does === 'jump' && mayJump) return leadsTo(read, check + target, isLive, wide, false);
    if (does === 'if equal' || does === 'if different') {
      if (target === end) return false;
      return does === 'if equal'
        ? comesTo(read, check + end, overCall, isLive, wide)
        : comesTo(read, check + target, beforeCall, isLive, wide);
    }
    from = end;
  }
}

/** The first thing that some code calls, jumps to or stops at is live. No code at all is a stop. */
function comesTo(
  read: ReadCode,
  start: number,
  reach: number,
  isLive: IsLive,
  wide: boolean,
): boolean {
  const code = read(start, reach + longest);
  if (code.length === 0) return isLive(null);
  for (let from = 0; ; ) {
    const step = nextStep(code, from, reach, wide);
    if (step === null || step.does === 'return') return false;
    if (isElsewhere(step)) return isLive(null);
    if (step.does === 'call' || step.does === 'jump') return isLive(start + step.target);
    from = step.end;
  }
}

/** A function returns without a call, jump or stop, whatever its arguments are. A number: it jumps there. */
function returnsAtOnce(read: ReadCode, start: number, wide: boolean): boolean | number {
  const code = read(start, functionReach + longest);
  for (let from = 0; ; ) {
    const step = nextStep(code, from, functionReach, wide);
    if (step === null || isElsewhere(step)) return false;
    if (step.does === 'return') return true;
    if (step.does === 'call') return isReturnThunk(code, step.target);
    if (step.does === 'jump') return start + step.target;
    from = step.end;
  }
}

/** `lea n(%rsp),%rsp` and `ret`, which a function calls itself: what compilers put in the place of `ret`. */
function isReturnThunk(code: Buffer, at: number): boolean {
  return thunks.some((thunk) => at >= 0 && code.subarray(at, at + thunk.length).equals(thunk));
}

/** Something that is not known may do so. */
function mayReturn(code: Buffer, wide: boolean): boolean {
  for (let from = 0; ; ) {
    const step = nextStep(code, from, code.length, wide);
    if (step === null) return false;
    const { does, target, end } = step;
    if (does === 'something unknown' || does === 'return' || does === 'jump anywhere') return true;
    if (does === 'jump' && (target < 0 || target >= code.length)) return true;
    from = end;
  }
}
