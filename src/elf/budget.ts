import { LimitExceeded } from '../errors.ts';

/**
 * What may be decoded out of one file, in bytes. Tables can overlap and names can be shared, so a small file can
 * describe far more than it holds: 20,000 symbols may share one name of 500 KB.
 */
export interface Budget {
  /** Throws LimitExceeded once the sum of all bytes spent is larger than the budget. */
  spend(bytes: number): void;
}

/** Real libraries decode to less than once their size. */
const timesFileSize = 16;
const smallest = 1024 ** 2;
/** Keeps one file below the heap that Node gives a thread. */
const largest = 1024 ** 3;

export function budgetFor(fileSize: number): Budget {
  const limit = Math.min(Math.max(fileSize * timesFileSize, smallest), largest);
  let spent = 0;
  return {
    spend(bytes) {
      spent += bytes;
      if (spent > limit) {
        throw new LimitExceeded(
          `the tables of this ELF file decode to more than ${limit} bytes, its budget for ${fileSize} bytes of file`,
        );
      }
    },
  };
}
