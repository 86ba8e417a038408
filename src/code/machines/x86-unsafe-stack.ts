import { x86InstructionAt } from './x86-instruction.ts';

const FS = 0x64;
const GS = 0x65;
const LOAD = 0x8b;
const STORE = 0x89;
const LEA = 0x8d;
/** Of `%eax`, at an address that the instruction has. */
const short = { [LOAD]: 0xa1, [STORE]: 0xa3 };
const absolute = 0x05;
/** How many instructions may stand between the load of the pointer and its store. */
const reach = 10;

/**
 * The code of a function moves the pointer of a second stack, as clang's SafeStack does for each buffer: `mov %fs:(r),a`, `lea -n(a),b` and
 * `mov b,%fs:(r)`, where the place in the thread block is the same. i386 has it behind `%gs`.
 */
export function x86MovesUnsafeStack(wide: boolean): (code: Buffer) => boolean {
  const prefix = wide ? FS : GS;
  const accessAt = wide ? wideAccessAt : narrowAccessAt;
  return (code) => {
    for (let at = code.indexOf(prefix); at >= 0; at = code.indexOf(prefix, at + 1)) {
      const load = accessAt(code, at, LOAD);
      if (load !== null && isMoved(code, load, { wide, accessAt })) return true;
    }
    return false;
  };
}

interface Access {
  /** ModRM without its register, and what follows it: where in the thread block. */
  readonly place: string;
  readonly register: number;
  readonly end: number;
}

type AccessAt = (code: Buffer, at: number, opcode: typeof LOAD | typeof STORE) => Access | null;

function wideAccessAt(code: Buffer, at: number, opcode: number): Access | null {
  const rex = code[at + 1] ?? 0;
  if (code[at] !== FS || (rex & 0xf8) !== 0x48 || code[at + 2] !== opcode) return null;
  const instruction = x86InstructionAt(code, at, true);
  const modrm = code[at + 3] ?? 0;
  if (instruction === null || modrm >= 0xc0) return null;
  const place = `${rex & 1},${modrm & 0xc7},${code.toString('hex', at + 4, instruction.end)}`;
  return { place, register: ((modrm >> 3) & 7) | ((rex & 4) << 1), end: instruction.end };
}

function narrowAccessAt(
  code: Buffer,
  at: number,
  opcode: typeof LOAD | typeof STORE,
): Access | null {
  if (code[at] !== GS) return null;
  const instruction = x86InstructionAt(code, at, false);
  if (instruction === null) return null;
  const { end } = instruction;
  if (code[at + 1] === short[opcode])
    return { place: `${absolute},${code.toString('hex', at + 2, end)}`, register: 0, end };
  const modrm = code[at + 2] ?? 0;
  if (code[at + 1] !== opcode || modrm >= 0xc0) return null;
  const place = `${modrm & 0xc7},${code.toString('hex', at + 3, end)}`;
  return { place, register: (modrm >> 3) & 7, end };
}

interface Form {
  readonly wide: boolean;
  readonly accessAt: AccessAt;
}

function isMoved(code: Buffer, load: Access, { wide, accessAt }: Form): boolean {
  const lowered = new Set<number>();
  const holding = new Set([load.register]);
  let at = load.end;
  for (let count = 0; count < reach; count += 1) {
    const store = accessAt(code, at, STORE);
    if (store !== null && store.place === load.place && lowered.has(store.register)) return true;
    const instruction = x86InstructionAt(code, at, wide);
    if (instruction === null) return false;
    const rex = wide ? (code[instruction.opcodeAt - 1] ?? 0) : 0x48;
    const next = { at: instruction.opcodeAt, rex };
    const copied = copiedAt(code, next, holding);
    if (copied !== null) holding.add(copied);
    const target = loweredAt(code, next, load.register) ?? subtractedAt(code, next, holding);
    if (target !== null) lowered.add(target);
    at = instruction.end;
  }
  return false;
}

interface Next {
  /** Of its opcode. */
  readonly at: number;
  readonly rex: number;
}

/** The register that `mov held,r` sets. */
function copiedAt(code: Buffer, { at, rex }: Next, held: ReadonlySet<number>): number | null {
  const modrm = code[at + 1] ?? 0;
  if (code[at] !== STORE || (rex & 0xf8) !== 0x48 || modrm < 0xc0) return null;
  return held.has(((modrm >> 3) & 7) | ((rex & 4) << 1)) ? (modrm & 7) | ((rex & 1) << 3) : null;
}

/** The register that `add $-n,r` lowers, as without optimisation. */
function subtractedAt(code: Buffer, { at, rex }: Next, held: ReadonlySet<number>): number | null {
  const [opcode = 0, modrm = 0] = code.subarray(at, at + 2);
  const last = opcode === 0x83 ? at + 2 : at + 5;
  if ((opcode !== 0x83 && opcode !== 0x81) || (rex & 0xf8) !== 0x48) return null;
  const register = (modrm & 7) | ((rex & 1) << 3);
  const isAdded = (modrm & 0xf8) === 0xc0 && (code[last] ?? 0) >= 0x80;
  return isAdded && held.has(register) ? register : null;
}

/** The register that `lea -n(base),r` sets. */
function loweredAt(code: Buffer, { at, rex }: Next, base: number): number | null {
  const modrm = code[at + 1] ?? 0;
  const mode = modrm & 0xc0;
  if (code[at] !== LEA || (rex & 0xf8) !== 0x48 || (mode !== 0x40 && mode !== 0x80)) return null;
  const hasSib = (modrm & 7) === 4;
  if (((modrm & 7) | ((rex & 1) << 3)) !== base) return null;
  const displacement = at + 2 + (hasSib ? 1 : 0);
  const isNegative = (code[mode === 0x40 ? displacement : displacement + 3] ?? 0) >= 0x80;
  return isNegative ? ((modrm >> 3) & 7) | ((rex & 4) << 1) : null;
}
