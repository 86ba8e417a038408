import { endianness } from 'node:os';

const host = endianness() === 'LE' ? 'little' : 'big';

/** The 32-bit words of some code in the machine's byte order, as an aligned copy that can be indexed quickly. */
export function wordsOf(code: Buffer, byteOrder: 'little' | 'big'): Uint32Array {
  const aligned = new Uint8Array(code.subarray(0, code.length & ~3));
  if (byteOrder !== host) Buffer.from(aligned.buffer).swap32();
  return new Uint32Array(aligned.buffer);
}

/** The same in 16-bit units. */
export function halfwordsOf(code: Buffer, byteOrder: 'little' | 'big'): Uint16Array {
  const aligned = new Uint8Array(code.subarray(0, code.length & ~1));
  if (byteOrder !== host) Buffer.from(aligned.buffer).swap16();
  return new Uint16Array(aligned.buffer);
}

/** The low `bits` of a word as a signed number. */
export function signed(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}
