import type { FailureLooks } from '../machine.ts';
import { signed } from '../words.ts';
import { branchDistance, callTarget } from './arm-t32.ts';
import { type FlowStep, failureBySteps, type StepAt } from './failure-by-steps.ts';

const a32 = failureBySteps(stepOfA32);
const t32 = failureBySteps(stepOfT32);

/** Code of either set; which one it is, is seen in it. */
export const armFailure: FailureLooks = {
  leadsTo: (read, check, isLive) =>
    (checksInA32(read(check, 4)) ? a32 : t32).leadsTo(read, check, isLive),
  returnsAtOnce: (read, start) =>
    (beginsAsA32(read(start & ~3, 8)) ? a32 : t32).returnsAtOnce(read, start & ~1),
  mayReturn: (code) => (beginsAsA32(code) ? a32 : t32).mayReturn(code),
};

/** `mov rt,#0`, by which a check is known. */
function checksInA32(code: Buffer): boolean {
  return code.length === 4 && (code.readUInt32LE(0) & 0xffff0fff) >>> 0 === 0xe3a00000;
}

/** Nearly every word of A32 begins with 14; one of T32 may do so. */
function beginsAsA32(code: Buffer): boolean {
  if (code.length < 4) return false;
  if (code.readUInt32LE(0) === 0xe12fff1e) return true;
  return code.length >= 8 && (code[3] ?? 0) >> 4 === ALWAYS && (code[7] ?? 0) >> 4 === ALWAYS;
}

const ALWAYS = 14;
const EQUAL = 0;
const DIFFERENT = 1;

function stepOfA32(code: Buffer, at: number): FlowStep | null {
  if (at + 4 > code.length) return null;
  const length = 4;
  const word = code.readUInt32LE(at);
  const condition = word >>> 28;
  const operation = (word >>> 24) & 15;
  const target = at + 8 + signed(word, 24) * 4;
  // `blx` to T32.
  if (condition === 15)
    return (word & 0xfe000000) >>> 0 === 0xfa000000
      ? { does: 'call', length, target }
      : { does: 'go on', length };
  // `bl` of any condition is what is done where the canary differs.
  if (operation === 11) return { does: 'call', length, target };
  if (operation === 10 && condition === ALWAYS) return { does: 'jump', length, target };
  if (operation === 10) return conditional(condition, length, target);
  const returns = isReturnA32(word & 0xfffffff);
  if (returns) return { does: condition === ALWAYS ? 'return' : 'go on', length };
  // `svc`, `udf`, `bx` and `blx` of a register, and what writes the program counter.
  const isElsewhere = operation === 15 || (word & 0x0fffffd0) === 0x012fff10;
  const writesCounter = ((word >>> 12) & 15) === 15 && (word & 0x0c000000) === 0 && operation === 1;
  return { does: isElsewhere || writesCounter ? 'stop' : 'go on', length };
}

/** `bx lr`, `pop {...,pc}`, `pop {pc}`. */
function isReturnA32(word: number): boolean {
  return word === 0x12fff1e || (word & 0xfff8000) === 0x8bd8000 || word === 0x49df004;
}

function conditional(condition: number, length: number, target: number): FlowStep | null {
  if (condition === EQUAL) return { does: 'if equal', length, target };
  return condition === DIFFERENT ? { does: 'if different', length, target } : null;
}

const stepOfWideT32: StepAt = (code, at) => {
  if (at + 4 > code.length) return null;
  const length = 4;
  const first = code.readUInt16LE(at);
  const second = code.readUInt16LE(at + 2);
  const call = callTarget(new Uint16Array([first, second]), 0);
  if (call !== null) return { does: 'call', length, target: at + call };
  // `pop.w {...,pc}`, `ldr pc,[sp],#4`.
  if ((first === 0xe8bd && second >= 0x8000) || (first === 0xf85d && second === 0xfb04))
    return { does: 'return', length };
  if ((first & 0xf800) !== 0xf000 || second < 0x8000) return { does: 'go on', length };
  // `b.w`; conditions and other instructions are not distinguished.
  if ((second & 0x9000) !== 0x9000) return null;
  return { does: 'jump', length, target: at + 4 + branchDistance(first, second) };
};

function stepOfT32(code: Buffer, at: number): FlowStep | null {
  if (at + 2 > code.length) return null;
  const half = code.readUInt16LE(at);
  if (half >>> 11 >= 0x1d) return stepOfWideT32(code, at);
  const length = 2;
  if (half === 0x4770 || half >>> 8 === 0xbd) return { does: 'return', length };
  if (half >>> 11 === 0x1c) return { does: 'jump', length, target: at + 4 + signed(half, 11) * 2 };
  // `bx`, `blx`, `mov pc`, `udf`, `svc`.
  const isElsewhere = half >>> 8 === 0x47 || (half & 0xff87) === 0x4687;
  if (isElsewhere || half >>> 9 === 0x6f) return { does: 'stop', length };
  if (half >>> 12 === 0xd)
    return conditional((half >>> 8) & 15, length, at + 4 + signed(half, 8) * 2);
  // `it` makes the next instructions conditional; `cbz` and `cbnz` branch by a register alone.
  if ((half >>> 8 === 0xbf && (half & 15) !== 0) || (half & 0xf500) === 0xb100) return null;
  return { does: 'go on', length };
}
