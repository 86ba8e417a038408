import type { Random } from './random.ts';

/** A part of a file where a change means something. */
export interface Part {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** One to six changes inside the parts. The original stays as it is. */
export function mutateBytes(original: Buffer, parts: readonly Part[], random: Random): Buffer {
  const bytes = Buffer.from(original);
  for (let left = 1 + random.below(6); left > 0; left -= 1) {
    const part = random.any(parts) ?? wholeOf(bytes);
    const change = random.pick(changes);
    change(bytes, part, parts, random);
  }
  return bytes;
}

/** Parts gone and nothing else: cut anywhere, or one or two parts zeroed. */
export function damageBytes(original: Buffer, parts: readonly Part[], random: Random): Buffer {
  if (parts.length === 0 || random.oneIn(2))
    return original.subarray(0, random.below(original.length));
  const bytes = Buffer.from(original);
  for (let left = 1 + random.below(2); left > 0; left -= 1) {
    const { offset, size } = random.any(parts) ?? wholeOf(bytes);
    bytes.fill(0, offset, Math.min(offset + size, bytes.length));
  }
  return bytes;
}

export function wholeOf(bytes: Buffer): Part {
  return { name: 'file', offset: 0, size: bytes.length };
}

type Change = (bytes: Buffer, part: Part, parts: readonly Part[], random: Random) => void;

const changes: readonly [Change, ...Change[]] = [
  setWord,
  setWord,
  setWord,
  addToWord,
  flipBit,
  copyWithin,
  copyPart,
  fillPart,
];

const extremes = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0xffffffffffffffffn,
] as const;

function setWord(bytes: Buffer, part: Part, _parts: readonly Part[], random: Random): void {
  const place = placeIn(bytes, part, random);
  const nearEnd = BigInt(Math.max(0, bytes.length - 8 + random.below(16)));
  const anyPlace = BigInt(random.below(bytes.length));
  const value = random.pick([random.pick(extremes), nearEnd, anyPlace]);
  writeWord(bytes, place, value, random.oneIn(8));
}

function addToWord(bytes: Buffer, part: Part, _parts: readonly Part[], random: Random): void {
  const place = placeIn(bytes, part, random);
  const delta = BigInt(random.pick([1, -1, 8, -8, 16, 4096, -4096]));
  writeWord(bytes, place, readWord(bytes, place) + delta, false);
}

function flipBit(bytes: Buffer, part: Part, _parts: readonly Part[], random: Random): void {
  const at = part.offset + random.below(part.size);
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
}

/** Entries of a table over one another. */
function copyWithin(bytes: Buffer, part: Part, _parts: readonly Part[], random: Random): void {
  const length = random.pick([4, 8, 16, 24, 32, 56, 64]);
  const slots = Math.floor(part.size / length);
  const from = part.offset + random.below(slots) * length;
  bytes.copyWithin(part.offset + random.below(slots) * length, from, from + length);
}

function copyPart(bytes: Buffer, part: Part, parts: readonly Part[], random: Random): void {
  const from = random.any(parts) ?? part;
  bytes.copyWithin(part.offset, from.offset, from.offset + Math.min(from.size, part.size));
}

function fillPart(bytes: Buffer, part: Part, _parts: readonly Part[], random: Random): void {
  const from = part.offset + random.below(part.size);
  const length = 1 + random.below(Math.min(64, part.size));
  bytes.fill(random.pick([0, 0xff, 0x41, 0x80]), from, Math.min(from + length, bytes.length));
}

interface Place {
  readonly at: number;
  readonly length: number;
}

function placeIn(bytes: Buffer, part: Part, random: Random): Place {
  const length = random.pick([1, 2, 4, 4, 8, 8]);
  const slots = Math.max(1, Math.floor(part.size / length));
  const at = part.offset + random.below(slots) * length;
  return { at, length: Math.max(0, Math.min(length, bytes.length - at)) };
}

function readWord(bytes: Buffer, { at, length }: Place): bigint {
  let value = 0n;
  for (let index = length - 1; index >= 0; index -= 1)
    value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
  return value;
}

function writeWord(bytes: Buffer, { at, length }: Place, value: bigint, bigEndian: boolean): void {
  for (let index = 0; index < length; index += 1) {
    const shift = BigInt(8 * (bigEndian ? length - 1 - index : index));
    bytes[at + index] = Number((BigInt.asUintN(64, value) >> shift) & 0xffn);
  }
}
