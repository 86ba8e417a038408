import { type Stats, statSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import { codeOf, explained } from '../../base/system-error.ts';
import { nothingHere } from './nothing-here.ts';

export interface Place {
  readonly path: string;
  /** `repo:tag`, `tag` or `@sha256:…`; null when the reference is a path alone. */
  readonly selector: string | null;
  readonly stats: Stats;
}

/**
 * The longest beginning of the reference that exists, up to a `:` or `@`, is the path: paths may hold colons
 * themselves. Throws UsageError when nothing is there.
 */
export function locate(reference: string): Place {
  const place = find(reference);
  if (place !== null) return place;
  throw nothingHere(reference, true);
}

/** Whether a reference names no path, nor standard input. */
export function isNothingHere(reference: string): boolean {
  return !isStandardInput(reference) && find(reference) === null;
}

/** `-`, `-:repo:tag` or `-@sha256:…`. */
function isStandardInput(reference: string): boolean {
  return /^-(?:$|[:@])/.test(reference);
}

/** Throws UsageError where several of them, with their schemes or without, are standard input: the second one would be empty. */
export function refuseSecondStandardInput(references: readonly string[]): void {
  const named = references.filter((each) => isStandardInput(each.replace(/^[a-z0-9-]+:(?=-)/, '')));
  if (named.length > 1)
    throw new UsageError(
      `standard input can be read once, and it is named ${named.length} times: ${named.join(' ')}`,
    );
}

function find(reference: string): Place | null {
  const whole = existing(reference);
  if (whole !== undefined) return { path: reference, selector: null, stats: whole };
  const cuts = [...reference.matchAll(/[:@]/g)].map((match) => match.index).slice(-16);
  for (const cut of cuts.reverse()) {
    const path = reference.slice(0, cut);
    // A selector keeps its `@`, which distinguishes a digest from a tag.
    const selector = reference.slice(reference[cut] === '@' ? cut : cut + 1);
    const stats = existing(path);
    if (stats !== undefined && selector !== '') return { path, selector, stats };
  }
  return null;
}

function existing(path: string): Stats | undefined {
  if (path === '' || path.includes('\0')) return undefined;
  return explained(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false });
    } catch (error) {
      // A component before the last is not a directory: the path does not exist, as with ENOENT.
      if (codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ENAMETOOLONG') return undefined;
      throw error;
    }
  });
}
