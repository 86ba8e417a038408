const [prime1, prime2, prime3, prime4, prime5] = [
  0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1,
];
const stripe = 16;

/** xxHash with 32 bits and the seed 0 (xxhash_spec.md), of bytes as they come. */
export class Xxh32 {
  readonly #lanes = Uint32Array.of((prime1 + prime2) >>> 0, prime2, 0, -prime1);
  #rest: Buffer = Buffer.alloc(0);
  #total = 0;

  add(bytes: Buffer): void {
    this.#total += bytes.length;
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (; at + stripe <= all.length; at += stripe) {
      for (let lane = 0; lane < 4; lane += 1)
        this.#lanes[lane] = round(this.#lanes[lane] ?? 0, all.readUInt32LE(at + 4 * lane));
    }
    this.#rest = Buffer.from(all.subarray(at));
  }

  sum(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    let sum =
      this.#total < stripe ? prime5 : rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    sum = (sum + this.#total) | 0;
    let at = 0;
    for (; at + 4 <= this.#rest.length; at += 4) {
      sum = (sum + Math.imul(this.#rest.readUInt32LE(at), prime3)) | 0;
      sum = Math.imul(rotate(sum, 17), prime4);
    }
    for (const byte of this.#rest.subarray(at)) {
      sum = (sum + Math.imul(byte, prime5)) | 0;
      sum = Math.imul(rotate(sum, 11), prime1);
    }
    sum = Math.imul(sum ^ (sum >>> 15), prime2);
    sum = Math.imul(sum ^ (sum >>> 13), prime3);
    return (sum ^ (sum >>> 16)) >>> 0;
  }
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, prime2)) | 0, 13), prime1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
