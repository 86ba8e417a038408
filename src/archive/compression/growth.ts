import { LimitExceeded } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';

/** Below this a stream may grow as it likes: a log of blanks is not a bomb. */
const alwaysAllowed = 1024 ** 3;

/** Keeps account of a stream that is decompressed. */
export interface Growth {
  /** The same chunks, counted. */
  counted(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
  /** So many bytes came out. Throws LimitExceeded. */
  add(bytes: number): void;
}

export type GrowthLimits = Pick<Limits, 'maxRatio' | 'work' | 'behind'>;

/** `known`: bytes of what is stored that are not counted one by one. */
export function growthWithin({ maxRatio, work }: GrowthLimits, known = 0): Growth {
  let stored = known;
  let content = 0;
  return {
    async *counted(chunks) {
      for await (const chunk of chunks) {
        stored += chunk.length;
        yield chunk;
      }
    },
    add(bytes) {
      content += bytes;
      work?.spend(bytes);
      if (content > alwaysAllowed && content > stored * maxRatio) {
        throw new LimitExceeded(
          `${stored} bytes decompress to more than ${content}, the limit is ${maxRatio} times as much`,
        );
      }
    },
  };
}
