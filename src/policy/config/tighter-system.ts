import { isOlder } from '../../base/is-older.ts';
import {
  pageSizes,
  processorLevels,
  type RequiredPart,
  type RequiredSystem,
  requiredParts,
} from '../../base/required-system.ts';

export interface LooserPart {
  readonly part: RequiredPart;
  /** null: it was not named. */
  readonly was: string | null;
  readonly is: string;
  /** As the end of a sentence; absent: the values say it. */
  readonly because?: string;
}

/**
 * Where a named system asks less than another: newer libraries and kernels, processors that can do more, smaller pages. A second C
 * library lets programs pass that failed, and a further part can make more files count for a share of passes.
 */
export function* looserParts(
  was: RequiredSystem,
  is: RequiredSystem,
  countsShare: boolean,
): Generator<LooserPart> {
  for (const part of requiredParts) {
    const [before, after] = [was[part], is[part]];
    if (after === undefined || before === after) continue;
    if (before !== undefined) {
      if (isLess(part, before, after)) yield { part, was: before, is: after };
    } else if (countsShare) {
      const because = 'a coverage below 100 % can be reached by other files';
      yield { part, was: null, is: after, because };
    } else if (otherLibc(part, was)) {
      const because = 'programs of that C library would pass';
      yield { part, was: null, is: after, because };
    }
  }
}

function isLess(part: RequiredPart, before: string, after: string): boolean {
  if (part === 'cpu') return rankIn(processorLevels, after) > rankIn(processorLevels, before);
  if (part === 'page') return rankIn(pageSizes, after) < rankIn(pageSizes, before);
  return isOlder(before, after);
}

function rankIn(names: readonly string[], name: string): number {
  return names.indexOf(name);
}

function otherLibc(part: RequiredPart, { glibc, musl }: RequiredSystem): boolean {
  return (part === 'glibc' && musl !== undefined) || (part === 'musl' && glibc !== undefined);
}
