import type { FailureLooks, IsLive, ReadCode } from '../machine.ts';

/** What an instruction does with the flow of control. Targets are offsets in the code. */
export type FlowStep =
  | { readonly does: 'go on' | 'return' | 'stop'; readonly length: number }
  | {
      readonly does: 'call' | 'jump' | 'if equal' | 'if different';
      readonly length: number;
      readonly target: number;
    };

/** The instruction at an offset; null where it is cut short, or decides something that is not known. */
export type StepAt = (code: Buffer, at: number) => FlowStep | null;

/** From the instruction by which a check is known to its branch, and from there to the call. */
const branchReach = 32;
const callReach = 32;
const functionReach = 64;

/** What is not understood is live: only a check that leads to nothing for certain protects nothing. */
export function failureBySteps(stepAt: StepAt): FailureLooks {
  return {
    leadsTo: (read, check, isLive) => leadsTo(stepAt, read, check, isLive, true),
    returnsAtOnce: (read, start) => returnsAtOnce(stepAt, read, start),
    mayReturn: (code) => mayReturn(stepAt, code),
  };
}

/** By the first branch behind the check. A call before it is made where the canary differs, by a condition of its own. */
function leadsTo(
  stepAt: StepAt,
  read: ReadCode,
  from: number,
  isLive: IsLive,
  mayJump: boolean,
): boolean {
  const code = copy(read, from, branchReach);
  for (let at = 0; at < code.length; ) {
    const step = stepAt(code, at);
    if (step === null) return isLive(null);
    const next = at + step.length;
    switch (step.does) {
      case 'go on':
        break;
      case 'return':
      case 'stop':
        return isLive(null);
      case 'call':
        return isLive(from + step.target);
      case 'jump':
        return mayJump ? leadsTo(stepAt, read, from + step.target, isLive, false) : isLive(null);
      case 'if equal':
        return step.target !== next && comesTo(stepAt, read, from + next, isLive);
      case 'if different':
        return step.target !== next && comesTo(stepAt, read, from + step.target, isLive);
    }
    at = next;
  }
  return isLive(null);
}

/** The first thing that some code calls, jumps to or stops at. */
function comesTo(stepAt: StepAt, read: ReadCode, from: number, isLive: IsLive): boolean {
  const code = copy(read, from, callReach);
  for (let at = 0; at < code.length; ) {
    const step = stepAt(code, at);
    if (step?.does === 'return') return false;
    if (step?.does === 'call' || step?.does === 'jump') return isLive(from + step.target);
    if (step?.does !== 'go on') return isLive(null);
    at += step.length;
  }
  return isLive(null);
}

function returnsAtOnce(stepAt: StepAt, read: ReadCode, start: number): boolean | number {
  const code = read(start, functionReach);
  for (let at = 0; at < code.length; ) {
    const step = stepAt(code, at);
    if (step?.does === 'return') return true;
    if (step?.does === 'jump') return start + step.target;
    if (step?.does !== 'go on') return false;
    at += step.length;
  }
  return false;
}

function mayReturn(stepAt: StepAt, code: Buffer): boolean {
  for (let at = 0; at < code.length; ) {
    const step = stepAt(code, at);
    if (step === null || step.does === 'return') return true;
    if (step.does === 'jump' && (step.target < 0 || step.target >= code.length)) return true;
    at += step.length;
  }
  return false;
}

/** Another read may follow while this one is looked at. */
function copy(read: ReadCode, offset: number, length: number): Buffer {
  return Buffer.from(read(offset, length));
}
