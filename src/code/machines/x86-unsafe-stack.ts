import { x86InstructionAt } from './x86-instruction.ts';

const FS = 0x64;
const LOAD = 0x8b;
const STORE = 0x89;
const LEA = 0x8d;
/** How many instructions may stand between the load of the pointer and its store. */
const reach = 10;

/**
 * The code of a function moves the pointer of a second stack, as clang's SafeStack does for each buffer: `mov %fs:(r),a`, `lea -n(a),b` and
 * `mov b,%fs:(r)`, where the place in the thread block is the same.
 */
export function x86MovesUnsafeStack(code: Buffer): boolean {
  for (let at = code.indexOf(FS); at >= 0; at = code.indexOf(FS, at + 1)) {
    const load = accessAt(code, at, LOAD);
    if (load !== null && isMoved(code, load)) return true;
  }
  return false;
}

interface Access {
  /** ModRM without its register, and what follows it: where in the thread block. */
  readonly place: string;
  readonly register: number;
  readonly end: number;
}

function accessAt(code: Buffer, at: number, opcode: number): Access | null {
  const rex = code[at + 1] ?? 0;
  if (code[at] !== FS || (rex & 0xf8) !== 0x48 || code[at + 2] !== opcode) return null;
  const instruction = x86InstructionAt(code, at, true);
  const modrm = code[at + 3] ?? 0;
  if (instruction === null || modrm >= 0xc0) return null;
  const place = `${rex & 1},${modrm & 0xc7},${code.toString('hex', at + 4, instruction.end)}`;
  return { place, register: ((modrm >> 3) & 7) | ((rex & 4) << 1), end: instruction.end };
}

function isMoved(code: Buffer, load: Access): boolean {
  const lowered = new Set<number>();
  let at = load.end;
  for (let count = 0; count < reach; count += 1) {
    const store = accessAt(code, at, STORE);
    if (store !== null && store.place === load.place && lowered.has(store.register)) return true;
    const instruction = x86InstructionAt(code, at, true);
    if (instruction === null) return false;
    const target = loweredAt(code, instruction.opcodeAt, load.register);
    if (target !== null) lowered.add(target);
    at = instruction.end;
  }
  return false;
}

/** The register that `lea -n(base),r` sets. */
function loweredAt(code: Buffer, at: number, base: number): number | null {
  const rex = code[at - 1] ?? 0;
  const modrm = code[at + 1] ?? 0;
  const mode = modrm & 0xc0;
  if (code[at] !== LEA || (rex & 0xf8) !== 0x48 || (mode !== 0x40 && mode !== 0x80)) return null;
  const hasSib = (modrm & 7) === 4;
  if (((modrm & 7) | ((rex & 1) << 3)) !== base) return null;
  const displacement = at + 2 + (hasSib ? 1 : 0);
  const isNegative = (code[mode === 0x40 ? displacement : displacement + 3] ?? 0) >= 0x80;
  return isNegative ? ((modrm >> 3) & 7) | ((rex & 4) << 1) : null;
}
