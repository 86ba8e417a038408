import type { RandomAccess } from '../../base/random-access.ts';
import type { Budget } from '../budget.ts';
import { readExactly } from '../exact-read.ts';
import { accessByPieces } from '../pieces.ts';
import type { DirectoryRecord } from './directory-record.ts';

/** The content of a file in one or more parts, each of less than 4 GiB. */
export function extentsContent(
  file: RandomAccess,
  parts: readonly DirectoryRecord[],
  blockSize: number,
  budget: Budget,
): RandomAccess {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const some = async (offset: number, most: number) => {
    let start = 0;
    for (const part of parts) {
      const within = offset - start;
      if (within < part.size) {
        const length = Math.min(most, part.size - within);
        const place = part.block * blockSize + within;
        return readExactly(file, place, length, 'content of an ISO 9660 file');
      }
      start += part.size;
    }
    throw new Error('read behind the end of a file');
  };
  return accessByPieces(size, some, budget);
}
