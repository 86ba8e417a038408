import { dies, goes, type InstructionAt, plain, returns, type Step, unknownStep } from './step.ts';

const page = 0x1000;

/**
 * By the first byte, whose first two bits are the length (z/Architecture Principles of Operation, "Instruction Formats"). What is not
 * listed may branch or call the kernel. `writesZero`: no process has the first page, so a store there ends it.
 */
export function s390xSteps(writesZero: 'dies' | 'unknown') {
  return (code: Buffer, address: bigint, instructionAt: InstructionAt): Step => {
    const first = code[0] ?? 0;
    const length = first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
    if (code.length < length) return unknownStep;
    if (storesLow(code)) return writesZero === 'dies' ? dies('a store below 4 KiB') : unknownStep;
    const form = formOf(code);
    if (isPrivileged.has(form)) return dies(isPrivileged.get(form) ?? '');
    if (first === 0x07) return registerBranch(code);
    const relative = relativeBranch(code, address, length);
    if (relative !== null) return relative;
    if (form === 'c00') return loadsAddress(code, address, instructionAt);
    return plainForms.test(form) ? plain(length) : unknownStep;
  };
}

/** First byte, with what else decides: the low half of the second one, the second or the sixth. */
function formOf(code: Buffer): string {
  const first = code[0] ?? 0;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const of = hex(first, 2);
  if ([0xa5, 0xa7, 0xc0, 0xc2, 0xc4].includes(first)) return of + hex((code[1] ?? 0) & 15, 1);
  if (first === 0xb2 || first === 0xe5) return of + hex(code[1] ?? 0, 2);
  return first === 0xe3 || first === 0xeb ? of + hex(code[5] ?? 0, 2) : of;
}

const isPrivileged: ReadonlyMap<string, string> = new Map([
  ['82', 'lpsw'],
  ['b2b2', 'lpswe'],
  ['b6', 'stctl'],
  ['b7', 'lctl'],
  ['eb25', 'stctg'],
  ['eb2f', 'lctlg'],
]);

/** Arithmetic, loads and stores. */
const plainForms =
  /^(04|0[ef]|1.|4[0-3689a-f]|5.|71|8[89a-f]|9[0124-8]|a5.|a7[0-389a-f]|b9|c0[16-f]|c2.|c4.|d[1-7]|e3(?!4[67])..|e5(4[48c]|5[4589cd])|eb(?!4[45])..|ed)$/;

/** `br %r14` returns; a mask or a register of 0 goes nowhere. */
function registerBranch(code: Buffer): Step {
  const operands = code[1] ?? 0;
  if (operands === 0xfe) return returns;
  return operands < 0x10 || (operands & 15) === 0 ? plain(2) : unknownStep;
}

/** Distances count halfwords. */
function relativeBranch(code: Buffer, address: bigint, length: number): Step | null {
  const form = formOf(code);
  const mask = (code[1] ?? 0) >>> 4;
  const isWide = length === 6;
  if (!['a74', 'a75', 'a76', 'a77', 'c04', 'c05'].includes(form)) return null;
  const distance = 2 * (isWide ? code.readInt32BE(2) : code.readInt16BE(2));
  if (form === 'a75' || form === 'c05')
    return mask === 14 ? goes('call', length, address, distance) : unknownStep;
  if (form === 'a76' || form === 'a77') return goes('branch', length, address, distance);
  if (mask === 0) return plain(length);
  return goes(mask === 15 ? 'jump' : 'branch', length, address, distance);
}

/** `larl r,target`, and behind it `ex n,0(r)`, which executes what lies there with another length: `mvc`, `clc` or `xc`. */
function loadsAddress(code: Buffer, address: bigint, instructionAt: InstructionAt): Step {
  const isExecuted =
    code[6] === 0x44 && ((code[7] ?? 0) & 15) === 0 && code.length >= 10 && code[9] === 0;
  const base = (code[8] ?? 0) >>> 4;
  if (!isExecuted || ((code[8] ?? 0) & 15) !== 0 || base !== (code[1] ?? 0) >>> 4) return plain(6);
  const target = instructionAt(address + 2n * BigInt(code.readInt32BE(2)));
  const isMove = target !== null && [0xd2, 0xd5, 0xd7].includes(target[0] ?? 0);
  return isMove && !storesLow(target) ? plain(10) : unknownStep;
}

/** Without a base and an index the number in the instruction is the address. */
function storesLow(code: Buffer): boolean {
  const first = code[0] ?? 0;
  const bare = (at: number) => (code[at] ?? 0) >>> 4 === 0;
  const hasIndex = ((code[1] ?? 0) & 15) !== 0;
  if (first === 0xd2 || first === 0xd7) {
    const start = (((code[2] ?? 0) & 15) << 8) | (code[3] ?? 0);
    return bare(2) && start + (code[1] ?? 0) < page;
  }
  if (first === 0x50 || first === 0x42 || first === 0x40) return bare(2) && !hasIndex;
  return first === 0xe3 && code[5] === 0x24 && bare(2) && !hasIndex && code[4] === 0;
}
