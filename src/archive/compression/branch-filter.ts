/**
 * Undoes what a compressor did to machine code in front of LZMA2: jumps and calls have places of the whole file instead of
 * distances, which repeat more often (the filters "BCJ" of xz-file-format 1.2, 5.3.2).
 */
export interface BranchFilter {
  /** What of the content so far is final. The buffer is changed. */
  push(bytes: Buffer): Buffer;
  /** The last bytes, which are too few for an instruction. */
  end(): Buffer;
}

/** Changes what it can of the bytes, which begin at a place in the file, and returns how many are final. */
type Convert = (bytes: Buffer, place: number) => number;

/** null: this filter is not known. `start` is the place of the first byte. */
export function branchFilter(id: number, start: number): BranchFilter | null {
  const convert = converters.get(id)?.();
  if (convert === undefined) return null;
  let rest: Buffer = Buffer.alloc(0);
  let place = start;
  return {
    push(bytes) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const done = convert(all, place);
      place = (place + done) >>> 0;
      rest = all.subarray(done);
      return all.subarray(0, done);
    },
    end: () => rest,
  };
}

/** By the ids of the format. IA-64 (6) and RISC-V (11) are left out. */
const converters: ReadonlyMap<number, () => Convert> = new Map([
  [4, x86],
  [5, () => aligned(powerPc)],
  [7, () => aligned(arm)],
  [8, () => armThumb],
  [9, () => aligned(sparc)],
  [10, () => aligned(arm64)],
]);

type One = (bytes: Buffer, at: number, place: number) => void;

/** Instructions of four bytes, one behind the other. */
function aligned(one: One): Convert {
  return (bytes, place) => {
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) one(bytes, at, (place + at) >>> 0);
    return at;
  };
}

/** `bl` with a distance of words. */
function arm(bytes: Buffer, at: number, place: number): void {
  if (bytes[at + 3] !== 0xeb) return;
  const target = (bytes.readUIntLE(at, 3) << 2) - (place + 8);
  bytes.writeUIntLE((target >>> 2) & 0xffffff, at, 3);
}

/** `bl` in two halves of eleven bits each, at any even place. */
function armThumb(bytes: Buffer, place: number): number {
  let at = 0;
  for (; at + 4 <= bytes.length; at += 2) {
    const first = bytes.readUInt16LE(at);
    const second = bytes.readUInt16LE(at + 2);
    if ((first & 0xf800) !== 0xf000 || (second & 0xf800) !== 0xf800) continue;
    const target = ((((first & 0x7ff) << 11) | (second & 0x7ff)) << 1) - (place + at + 4);
    bytes.writeUInt16LE(0xf000 | ((target >>> 12) & 0x7ff), at);
    bytes.writeUInt16LE(0xf800 | ((target >>> 1) & 0x7ff), at + 2);
    at += 2;
  }
  return at;
}

/** `bl`, absolute bit off, link bit on. */
function powerPc(bytes: Buffer, at: number, place: number): void {
  const word = bytes.readUInt32BE(at);
  if ((word & 0xfc000003) >>> 0 !== 0x48000001) return;
  const target = ((word & 0x03fffffc) - place) & 0x03fffffc;
  bytes.writeUInt32BE((0x48000001 | target) >>> 0, at);
}

/** `call` with a distance whose upper bits are all equal. */
function sparc(bytes: Buffer, at: number, place: number): void {
  const word = bytes.readUInt32BE(at);
  if (word >>> 22 !== 0x100 && word >>> 22 !== 0x1ff) return;
  const target = ((word << 2) - place) >>> 2;
  const sign = (0x40000000 - (target & 0x400000)) >>> 0;
  bytes.writeUInt32BE((sign | 0x40000000 | (target & 0x3fffff)) >>> 0, at);
}

/** `bl`, and `adrp` of places within 512 MiB. */
function arm64(bytes: Buffer, at: number, place: number): void {
  const word = bytes.readUInt32LE(at);
  if (word >>> 26 === 0x25) {
    const target = (word - (place >>> 2)) & 0x03ffffff;
    bytes.writeUInt32LE((0x94000000 | target) >>> 0, at);
    return;
  }
  if ((word & 0x9f000000) >>> 0 !== 0x90000000) return;
  const source = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
  if (((source + 0x020000) & 0x1c0000) !== 0) return;
  const target = source - (place >>> 12);
  const low = (target & 3) << 29;
  const high = (target & 0x03fffc) << 3;
  const sign = (0 - (target & 0x020000)) & 0xe00000;
  bytes.writeUInt32LE(((word & 0x9000001f) | low | high | sign) >>> 0, at);
}

/** Whether the upper byte of a distance is one that a jump inside a file has. */
function isNear(byte: number | undefined): boolean {
  return byte === 0 || byte === 0xff;
}

/** By the opcodes among the last three bytes (bit 0 the nearest): the number of bits below the one that matters. */
const usefulMasks: ReadonlySet<number> = new Set([0, 1, 2, 4]);
const nearestBits = [0, 1, 2, 2, 3, 3, 3, 3];

/**
 * `call` and `jmp` with four bytes of distance. Opcodes may stand inside the distance of another, so those of the last
 * bytes are remembered, as the compressor did (XZ Embedded, xz_dec_bcj.c).
 */
function x86(): Convert {
  let mask = 0;
  /** Bytes since the last opcode, counted from the beginning of the next piece. */
  let before = 1;
  return (bytes, place) => {
    const end = bytes.length - 4;
    let last = -before;
    let at = 0;
    for (; at < end; at += 1) {
      if (((bytes[at] ?? 0) & 0xfe) !== 0xe8) continue;
      const distance = at - last;
      last = at;
      mask = distance > 3 ? 0 : (mask << (distance - 1)) & 7;
      if (mask !== 0) {
        const byte = bytes[at + 4 - (nearestBits[mask] ?? 0)];
        if (!usefulMasks.has(mask) || isNear(byte)) {
          mask = (mask << 1) | 1;
          continue;
        }
      }
      if (!isNear(bytes[at + 4])) {
        mask = (mask << 1) | 1;
        continue;
      }
      bytes.writeUInt32LE(x86Distance(bytes.readUInt32LE(at + 1), place + at + 5, mask), at + 1);
      at += 4;
      // As if nothing had been found: the distance does not allow opcodes.
      mask = 0;
    }
    const done = Math.max(0, at);
    before = done - last;
    return done;
  };
}

function x86Distance(stored: number, place: number, mask: number): number {
  let source = stored;
  for (;;) {
    const target = (source - place) >>> 0;
    const shift = (nearestBits[mask] ?? 0) * 8;
    if (mask === 0 || !isNear((target >>> (24 - shift)) & 0xff)) {
      const low = target & 0x01ffffff;
      return (low | -(low & 0x01000000)) >>> 0;
    }
    source = (target ^ (2 ** (32 - shift) - 1)) >>> 0;
  }
}
