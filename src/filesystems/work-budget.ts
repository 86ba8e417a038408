import { growthWithin } from '../archive/compression/growth.ts';
import { LimitExceeded } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';

/**
 * Work that one file system may cause: bytes that its blocks decompress to, zeros of holes, blocks that are read again
 * because many files share them. Real images need little more than their content once.
 */
export interface Budget {
  /** Throws LimitExceeded. */
  spend(bytes: number): void;
}

/** `size` is that of the image as it is stored. */
export function budgetFor(size: number, limits: Limits): Budget {
  const growth = growthWithin(limits, size);
  let spent = 0;
  return {
    spend(bytes) {
      spent += bytes;
      if (spent > limits.maxLayerSize) {
        throw new LimitExceeded(
          `reading the file system takes more than ${limits.maxLayerSize} bytes`,
        );
      }
      growth.add(bytes);
    },
  };
}
