import type { ExecutableRange } from '../executable-ranges.ts';
import type { Sightings } from '../sightings.ts';

/** Where the three x86 ABIs differ. */
export interface X86Abi {
  /** Recognises the access to the guard whose segment prefix (%fs or %gs) is at `at`. */
  guardAccess(bytes: Buffer, at: number): GuardAccess | null;
  /** Segment prefixes that the guard is addressed by. */
  readonly guardPrefixes: readonly number[];
  /** Stack addresses are 64 bits wide, so instructions that compute them have a REX.W prefix. */
  readonly wide: boolean;
}

export type GuardAccess = 'store' | 'check';

/** A page, and what a function may push beside it. */
export const largeFrame = 4096 + 64;

const MOV = 0x8b;
const SUB = 0x2b;
const XOR = 0x33;
const CMP = 0x3b;

/** What the guard is loaded for: `mov` to store it, anything else to compare it. clang's checks load it too. */
export function purposeOf(opcode: number | undefined): GuardAccess | null {
  if (opcode === MOV) return 'store';
  return opcode === SUB || opcode === XOR || opcode === CMP ? 'check' : null;
}

const guard = 1;
const lea = 2;
const mov = 3;
const immediateOperation = 4;
const moveImmediate = 5;
const subtractImmediate = 6;

/** One pass: the first byte of a pattern (after prefixes) picks it out, its neighbours confirm it. */
export function x86Scan(abi: X86Abi): (range: ExecutableRange, sightings: Sightings) => void {
  const anchors = new Uint8Array(256);
  for (const prefix of abi.guardPrefixes) anchors[prefix] = guard;
  anchors[0x8d] = lea;
  anchors[0x89] = mov;
  anchors[0x83] = immediateOperation;
  anchors[0xc7] = moveImmediate;
  anchors[0x81] = subtractImmediate;
  return ({ bytes, offset }, sightings) => {
    for (let at = 0; at < bytes.length; at += 1) {
      const anchor = anchors[bytes[at] ?? 0];
      if (anchor === 0) continue;
      if (anchor === guard) {
        const access = abi.guardAccess(bytes, at);
        if (access === 'store') sightings.canaryStores.push(offset + at);
        else if (access === 'check') sightings.canaryChecks.push(offset + at);
      } else if (anchor === lea || anchor === mov) {
        const takes =
          anchor === lea
            ? leaOfFrame(bytes, at, abi.wide)
            : abi.wide && movOfStackPointer(bytes, at);
        if (takes) sightings.stackAddresses.push(offset + at);
      } else if (anchor === subtractImmediate) {
        if (lowersStackByPages(bytes, at)) sightings.largeAllocations.push(offset + at);
      } else if (
        anchor === immediateOperation ? orsZero(bytes, at) : storesZeroAfterPage(bytes, at)
      ) {
        sightings.stackProbes.push(offset + at);
      }
    }
  };
}

/** `lea d(%rsp),r` or `lea -d(%rbp),r`, whose opcode is at `at`. */
function leaOfFrame(bytes: Buffer, at: number, wide: boolean): boolean {
  if (wide) {
    const rex = bytes[at - 1];
    if (rex !== 0x48 && rex !== 0x4c) return false;
  }
  const modrm = bytes[at + 1] ?? 0;
  const register = (modrm >> 3) & 7;
  const next = bytes[at + 2] ?? 0;
  const toStackPointer = register === 4;
  switch (modrm & 0xc7) {
    case 0x44:
      return next === 0x24 && !toStackPointer && !(!wide && realignsStack(bytes, at + 4));
    case 0x84:
      return next === 0x24 && !toStackPointer;
    case 0x45:
      return next >= 0x80 && !toStackPointer && register !== 5;
    case 0x85:
      return bytes[at + 5] === 0xff && !toStackPointer && register !== 5;
    default:
      return false;
  }
}

/** i386 `main` saves the incoming stack pointer with `lea 4(%esp),%ecx` before `and $-16,%esp`. */
function realignsStack(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x83 && bytes[at + 1] === 0xe4 && bytes[at + 2] === 0xf0;
}

/** `mov %rsp,r`, but not the `mov %rsp,%rbp` of a frame pointer. */
function movOfStackPointer(bytes: Buffer, at: number): boolean {
  const rex = bytes[at - 1];
  const modrm = bytes[at + 1] ?? 0;
  return (rex === 0x48 || rex === 0x49) && modrm >= 0xe0 && modrm <= 0xe7 && modrm !== 0xe5;
}

/** `sub $n,%rsp` of more than a page and a little, at most 2 GiB. */
function lowersStackByPages(bytes: Buffer, at: number): boolean {
  if (bytes[at + 1] !== 0xec || bytes.length < at + 6) return false;
  const size = bytes.readInt32LE(at + 2);
  return size > largeFrame;
}

/** gcc's probe, `or $0,d(%rsp)`; `xor $0,(%rsp)` of older LLVM. */
function orsZero(bytes: Buffer, at: number): boolean {
  const modrm = bytes[at + 1];
  if (bytes[at + 2] !== 0x24) return false;
  if (modrm === 0x0c || modrm === 0x34) return bytes[at + 3] === 0;
  if (modrm === 0x4c) return bytes[at + 4] === 0;
  return modrm === 0x8c && bytes[at + 7] === 0;
}

/** LLVM's probe, `movq $0,(%rsp)`, right after `sub $0x1000,%rsp`. */
function storesZeroAfterPage(bytes: Buffer, at: number): boolean {
  if (bytes[at + 1] !== 0x04 || bytes[at + 2] !== 0x24) return false;
  if (bytes.length < at + 7 || bytes.readUInt32LE(at + 3) !== 0) return false;
  for (let before = Math.max(0, at - 8); before + 6 <= at; before += 1) {
    if (
      bytes[before] === 0x81 &&
      bytes[before + 1] === 0xec &&
      bytes.readUInt32LE(before + 2) === 0x1000
    ) {
      return true;
    }
  }
  return false;
}
