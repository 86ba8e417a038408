import { scanBranches } from '../../byte-scan/branches.ts';
import { type Interval, intervalOf } from '../calls/interval.ts';
import type { CallPatterns, CallTargets } from '../machine.ts';
import { type X86Convention, x86AddressArgument, x86Argument } from './x86-arguments.ts';
import { x86ComparedBranches, x86ComparedCalls } from './x86-compared-branches.ts';
import { endbr64At } from './x86-landing-pad.ts';

const nowhere = intervalOf([]);
const BND = 0xf2;
const CALL = 0xe8;
const JMP = 0xe9;
/** Calls and jumps through a slot begin with it. */
const THROUGH = 0xff;
const CALL_SLOT = 0x15;
const JMP_SLOT = 0x25;
/** How far before a call an argument may be set. */
const reach = 64;
/** %rdi, %rsi, %rdx, %rcx, of x86-64's psABI. */
const registers: readonly number[] = [7, 6, 2, 1];
const convention: X86Convention = { wide: true, registers, longAddress: true };
const halfConvention: X86Convention = { wide: true, registers, longAddress: false };

function constantOf(argument: ReturnType<typeof x86Argument>): number | null {
  return typeof argument === 'number' ? argument : null;
}

export const x86Calls: CallPatterns = {
  reach: 2 * reach,

  /** `jmp *slot(%rip)`, with the `endbr64` or `bnd` before it at which some linkers begin a stub. */
  visitStubs(code, address, slots, visit) {
    visitWithin(code, address, { straight: nowhere, slots }, (at) => {
      if (code[at] !== THROUGH || code[at + 1] !== JMP_SLOT || at + 6 > code.length) return;
      const slot = targetOf(code, address, at + 2);
      visit(address + at, slot);
      const prefixed = code[at - 1] === BND ? at - 1 : at;
      if (prefixed >= 4 && endbr64At(code, prefixed - 4)) {
        visit(address + prefixed - 4, slot);
      }
      if (prefixed !== at) visit(address + prefixed, slot);
    });
  },

  /** `call target`, the `jmp target` of a tail call, and `call *slot(%rip)`. */
  visitCalls(code, address, targets, visit) {
    visitWithin(code, address, targets, (at) => {
      const isStraight = code[at] === CALL || code[at] === JMP;
      if (!isStraight && code[at + 1] !== CALL_SLOT) return;
      const operand = isStraight ? at + 1 : at + 2;
      if (operand + 4 <= code.length) visit(at, targetOf(code, address, operand));
    });
  },

  constantArgument: (code, at, index) => constantOf(x86Argument(code, at, index, convention)),
  isOfFrame: (code, at, argument) => x86Argument(code, at, argument, convention) === 'frame',
  addressArgument: (code, address, at, argument, table) =>
    x86AddressArgument(code, address, at, argument, table, convention),
  comparedBranches: x86ComparedBranches,
  comparedCalls: x86ComparedCalls,
};

/** Of x32, where an address has 32 bits. */
export const x32Calls: CallPatterns = {
  ...x86Calls,
  isOfFrame: (code, at, argument) => x86Argument(code, at, argument, halfConvention) === 'frame',
};

function visitWithin(
  code: Buffer,
  address: number,
  { straight, slots }: CallTargets,
  visit: (at: number) => void,
): void {
  const from = ({ least, most }: Interval) => ({ least: least - address, most: most - address });
  scanBranches(code, from(straight), from(slots), (findings, count, start) => {
    for (let index = 0; index < count; index += 1) visit(start + (findings[index] ?? 0));
  });
}

/** Where the 32-bit displacement at `operand` leads: it counts from the end of the instruction. */
function targetOf(code: Buffer, address: number, operand: number): number {
  const low = (code[operand] ?? 0) | ((code[operand + 1] ?? 0) << 8);
  const high = (code[operand + 2] ?? 0) | ((code[operand + 3] ?? 0) << 8);
  return address + operand + 4 + (low | (high << 16));
}
