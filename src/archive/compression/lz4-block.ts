import { MalformedInput } from '../../base/errors.ts';

const noHistory: Buffer = Buffer.alloc(0);

/**
 * One block of lz4 (lz4_Block_format.md), without a frame, of at most `most` bytes of content. The libraries for it in
 * npm are either native or not kept any more, and the format is this small. `history` is the content before it, to which
 * it may refer. Throws MalformedInput.
 */
export function decodeLz4Block(block: Buffer, most: number, history = noHistory): Buffer {
  const output = Buffer.allocUnsafe(history.length + most);
  history.copy(output);
  const room = output.length;
  let at = 0;
  let size = history.length;

  const next = (): number => {
    const byte = block[at];
    if (byte === undefined) throw damaged('it ends inside a sequence', size);
    at += 1;
    return byte;
  };
  /** 15 in the token means that more bytes follow, until one is not 255. */
  const length = (nibble: number): number => {
    let sum = nibble;
    if (nibble < 15) return sum;
    for (let byte = 255; byte === 255; sum += byte) byte = next();
    return sum;
  };

  while (at < block.length) {
    const token = next();
    const literals = length(token >> 4);
    if (at + literals > block.length) throw damaged('it ends inside literals', size);
    if (size + literals > room) throw damaged(`it has more than ${most} bytes`, size);
    block.copy(output, size, at, at + literals);
    at += literals;
    size += literals;
    // The last sequence has literals alone.
    if (at === block.length) break;
    const distance = next() | (next() << 8);
    const matched = length(token & 15) + 4;
    if (distance === 0 || distance > size) throw damaged(`it refers ${distance} bytes back`, size);
    if (size + matched > room) throw damaged(`it has more than ${most} bytes`, size);
    copyMatch(output, size, distance, matched);
    size += matched;
  }
  return output.subarray(history.length, size);
}

/** A match may overlap what it makes: then its beginning is repeated. */
export function copyMatch(output: Buffer, size: number, distance: number, length: number): void {
  if (distance >= length) {
    output.copyWithin(size, size - distance, size - distance + length);
    return;
  }
  for (let at = size; at < size + length; at += 1) output[at] = output[at - distance] ?? 0;
}

function damaged(why: string, size: number): MalformedInput {
  return new MalformedInput(`lz4 block is damaged after ${size} bytes of content: ${why}`);
}
