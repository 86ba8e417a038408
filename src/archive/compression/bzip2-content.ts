import { MalformedInput } from '../../base/errors.ts';
import type { Bzip2Block } from './bzip2-block.ts';

const outputSize = 256 * 1024;

/** The bytes of a block: four that are the same are followed by how many more there are. Throws MalformedInput. */
export function* contentOf(block: Bzip2Block, checksum: number): Generator<Buffer, void, void> {
  const { links, size } = block;
  const output = { bytes: Buffer.allocUnsafe(outputSize), used: 0 };
  let link = block.start;
  let sum = -1;
  let last = -1;
  let same = 0;
  for (let at = 0; at < size; at += 1) {
    const entry = links[link] ?? 0;
    link = entry >>> 8;
    const byte = entry & 0xff;
    const isCount = same === 4;
    same = isCount ? 0 : byte === last ? same + 1 : 1;
    const value = isCount ? last : byte;
    last = isCount ? -1 : byte;
    for (let left = isCount ? byte : 1; left > 0; left -= 1) {
      sum = (sum << 8) ^ (table[(sum >>> 24) ^ value] ?? 0);
      output.bytes[output.used] = value;
      output.used += 1;
      if (output.used < outputSize) continue;
      yield output.bytes;
      output.bytes = Buffer.allocUnsafe(outputSize);
      output.used = 0;
    }
  }
  if (output.used > 0) yield output.bytes.subarray(0, output.used);
  if (~sum >>> 0 !== checksum) throw new MalformedInput('the checksum of a block is wrong');
}

/** CRC-32 as in gzip, but the highest bit first. */
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum;
});
