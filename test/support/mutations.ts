import { randomNumbers } from './random.ts';

/** The bytes cut at every place, then `rounds` times with a few bytes changed, the same in every run. */
export function* mutationsOf(bytes: Buffer, rounds: number): Iterable<Buffer> {
  const step = Math.max(1, Math.floor(bytes.length / 2000));
  for (let end = 0; end < bytes.length; end += step) yield bytes.subarray(0, end);
  const random = randomNumbers(20_261_123);
  for (let round = 0; round < rounds; round += 1) {
    const copy = Buffer.from(bytes);
    for (let change = 0; change <= round % 4; change += 1) {
      // Digits and the largest byte get further than most: they pass for sizes.
      const byte = random(3) === 0 ? 0x30 + random(10) : random(4) === 0 ? 0xff : random(256);
      copy[random(copy.length)] = byte;
    }
    yield copy;
  }
}
