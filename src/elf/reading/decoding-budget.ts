import { LimitExceeded } from '../../base/errors.ts';
import { defaultLimits, type Limits } from '../../base/limits.ts';

/** What limits.ts says of one ELF file. */
export type ElfLimits = Pick<Limits, 'maxTableSize' | 'maxSymbols' | 'maxNotes'>;

/**
 * What may be decoded out of one file, in bytes. Tables can overlap and names can be shared, so a small file can
 * describe far more than it holds: 20,000 symbols may share one name of 500 KB.
 */
export interface Budget {
  /** Throws LimitExceeded once the sum of all bytes spent is larger than the budget. */
  spend(bytes: number): void;
  /** The same of what is counted by itself. Before the table is looked at: it may have millions of entries. */
  count(what: 'symbols' | 'notes', many: number): void;
}

/** Real libraries decode to less than once their size. */
const timesFileSize = 16;
const smallest = 1024 ** 2;

export function budgetFor(fileSize: number, limits: ElfLimits = defaultLimits): Budget {
  const limit = Math.min(Math.max(fileSize * timesFileSize, smallest), limits.maxTableSize);
  const most = { symbols: limits.maxSymbols, notes: limits.maxNotes };
  const counted = { symbols: 0, notes: 0 };
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
    count(what, many) {
      counted[what] += many;
      if (counted[what] > most[what])
        throw new LimitExceeded(
          `this ELF file has more than ${most[what]} ${what}, the limit for one file`,
        );
    },
  };
}
