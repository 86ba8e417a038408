import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Takes the content of a block, and gives what should stand behind it. */
export interface BlockCheck {
  readonly name: string;
  add(bytes: Buffer): void;
  sum(): Buffer;
}

/** By the number in the flags of a stream (xz-file-format 1.2, 2.1.1.2); those that are not defined are empty. */
export function blockCheck(kind: number): BlockCheck {
  if (kind === 1) return crc32Check();
  if (kind === 4) return crc64Check();
  if (kind === 10) return sha256Check();
  return { name: 'check', add: () => {}, sum: () => Buffer.alloc(0) };
}

function sha256Check(): BlockCheck {
  const hash = createHash('sha256');
  return {
    name: 'SHA-256',
    add: (bytes) => void hash.update(bytes),
    sum: () => hash.digest(),
  };
}

function crc32Check(): BlockCheck {
  let value = 0;
  return {
    name: 'CRC-32',
    add(bytes) {
      value = crc32(bytes, value);
    },
    sum() {
      const sum = Buffer.alloc(4);
      sum.writeUInt32LE(value);
      return sum;
    },
  };
}

/** ECMA-182, reflected. Two words, since JavaScript counts with 53 bits. */
function crc64Check(): BlockCheck {
  let low = 0xffffffff;
  let high = 0xffffffff;
  return {
    name: 'CRC-64',
    add(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (lowTable[index] ?? 0);
        high = (high >>> 8) ^ (highTable[index] ?? 0);
      }
    },
    sum() {
      const sum = Buffer.alloc(8);
      sum.writeUInt32LE(~low >>> 0, 0);
      sum.writeUInt32LE(~high >>> 0, 4);
      return sum;
    },
  };
}

const polynomial = 0xc96c5795d7870f42n;
const table = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit += 1) value = (value >> 1n) ^ ((value & 1n) * polynomial);
  return value;
});
const lowTable = Int32Array.from(table, (value) => Number(BigInt.asIntN(32, value)));
const highTable = Int32Array.from(table, (value) => Number(BigInt.asIntN(32, value >> 32n)));
