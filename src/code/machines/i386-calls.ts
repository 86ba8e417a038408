import { scanBranches } from '../../byte-scan/branches.ts';
import { isIn } from '../calls/interval.ts';
import type { CallPatterns } from '../machine.ts';
import { type X86Convention, x86AddressArgument, x86Argument } from './x86-arguments.ts';
import { endbr32At } from './x86-landing-pad.ts';

const CALL = 0xe8;
const JMP = 0xe9;
const THROUGH = 0xff;
/** ModRM of calls and jumps through a slot: at an address, or at a distance from what %ebx holds. */
const slotForms: ReadonlyMap<number, 'call' | 'jump'> = new Map([
  [0x15, 'call'],
  [0x25, 'jump'],
  [0x93, 'call'],
  [0xa3, 'jump'],
]);
const nowhere = { least: 1, most: 0 };
const reach = 64;
/** All arguments are passed on the stack. */
const convention: X86Convention = { wide: false, registers: null, longAddress: false };

export const i386Calls: CallPatterns = {
  reach: 2 * reach,

  /** `jmp *slot`, and `jmp *n(%ebx)` in code that may lie anywhere, with an `endbr32` before it. */
  visitStubs(code, address, slots, visit, table) {
    visitSlots(code, table, (at, slot, form) => {
      if (form !== 'jump' || slot < slots.least || slot > slots.most) return;
      visit(address + at, slot);
      if (at >= 4 && endbr32At(code, at - 4)) visit(address + at - 4, slot);
    });
  },

  visitCalls(code, address, { straight, slots }, visit, table) {
    const from = { least: straight.least - address, most: straight.most - address };
    scanBranches(code, from, nowhere, (findings, count, start) => {
      for (let index = 0; index < count; index += 1) {
        const at = start + (findings[index] ?? 0);
        if ((code[at] === CALL || code[at] === JMP) && at + 5 <= code.length)
          visit(at, address + at + 5 + code.readInt32LE(at + 1));
      }
    });
    if (slots.least > slots.most) return;
    visitSlots(code, table, (at, slot) => {
      if (isIn(slots, slot)) visit(at, slot);
    });
  },

  constantArgument(code, at, index) {
    const argument = x86Argument(code, at, index, convention);
    return typeof argument === 'number' ? argument : null;
  },

  isOfFrame: (code, at, argument) => x86Argument(code, at, argument, convention) === 'frame',
  addressArgument: (code, address, at, argument, table) =>
    x86AddressArgument(code, address, at, argument, table, convention),
};

function visitSlots(
  code: Buffer,
  table: number | null,
  visit: (at: number, slot: number, form: 'call' | 'jump') => void,
): void {
  for (let at = code.indexOf(THROUGH); at >= 0; at = code.indexOf(THROUGH, at + 1)) {
    const modrm = code[at + 1] ?? 0;
    const form = slotForms.get(modrm);
    if (form === undefined || at + 6 > code.length) continue;
    const isNear = modrm >= 0x80;
    if (isNear && table === null) continue;
    const slot = isNear ? (table ?? 0) + code.readInt32LE(at + 2) : code.readUInt32LE(at + 2);
    visit(at, slot, form);
  }
}
