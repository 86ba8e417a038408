import { createHash } from 'node:crypto';
import { MalformedArchive } from '../errors.ts';
import type { ByteStream } from './byte-stream.ts';
import { withoutXzChecks } from './xz-container.ts';

/**
 * The content of xz streams whose check is SHA-256, as rpm writes them all, by a decoder that does not know it: the
 * decoder is given the same blocks in a container without checks, and the sums are verified here.
 */
export async function* unxzSha256(
  stream: ByteStream,
  decode: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
): AsyncIterable<Buffer> {
  const sums = blockSums();
  for await (const bytes of decode(withoutXzChecks(stream, sums.expect))) {
    sums.add(bytes);
    yield bytes;
    sums.verify();
  }
  sums.verify();
}

/** Hashes the content block by block. The end of a block is known before content of the next one comes. */
function blockSums() {
  const expected: { readonly end: number; readonly sum: Buffer }[] = [];
  let hash = createHash('sha256');
  let known = 0;
  let position = 0;
  let mismatch = false;
  function finish(sum: Buffer): void {
    mismatch ||= !hash.digest().equals(sum);
    hash = createHash('sha256');
    expected.shift();
  }
  return {
    expect(size: number, sum: Buffer): void {
      known += size;
      expected.push({ end: known, sum });
    },
    add(bytes: Buffer): void {
      let rest = bytes;
      for (let next = expected[0]; next && next.end <= position + rest.length; next = expected[0]) {
        hash.update(rest.subarray(0, next.end - position));
        rest = rest.subarray(next.end - position);
        position = next.end;
        finish(next.sum);
      }
      hash.update(rest);
      position += rest.length;
    },
    verify(): void {
      for (let next = expected[0]; next && next.end <= position; next = expected[0])
        finish(next.sum);
      if (mismatch)
        throw new MalformedArchive(
          `xz stream is damaged before byte ${position} of its content: its SHA-256 is wrong`,
        );
    },
  };
}
