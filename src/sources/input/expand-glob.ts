import { lstatSync, readdirSync, statSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import { compileGlob, type Glob } from '../../base/glob.ts';
import type { Limits } from '../../base/limits.ts';
import { codeOf } from '../../base/system-error.ts';

export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * The paths that a glob matches, sorted by their parts. `**` as a part is any number of folders, without following links
 * to them. Hidden names are matched by parts that begin with a dot alone, as shells have it. Throws UsageError.
 */
export function expandGlob(glob: string, limits: Pick<Limits, 'maxEntries'>): readonly string[] {
  const parts = glob.split('/');
  const first = parts.findIndex(isGlob);
  const start = first === 0 ? '' : `${parts.slice(0, first).join('/')}/`;
  const rest = parts
    .slice(first)
    .filter((part) => part !== '')
    .map(stepOf);
  const walk = { glob, left: limits.maxEntries };
  let places: readonly string[] = [start];
  for (const [index, step] of rest.entries()) {
    const isLast = index === rest.length - 1;
    places = places.flatMap((place) =>
      step === 'any depth' ? foldersBelow(place, walk) : matched(place, step, isLast, walk),
    );
  }
  return [...new Set(places)].map((place) => place.replace(/(?<=.)\/$/, ''));
}

type Step = 'any depth' | { readonly matches: Glob; readonly hidden: boolean };

function stepOf(part: string): Step {
  if (part === '**') return 'any depth';
  return { matches: compileGlob(part), hidden: part.startsWith('.') };
}

interface Walk {
  readonly glob: string;
  left: number;
}

/** What is not the last part must be a folder, and ends with a slash. */
function matched(
  place: string,
  { matches, hidden }: Exclude<Step, string>,
  isLast: boolean,
  walk: Walk,
): readonly string[] {
  return namesIn(place, walk)
    .filter((name) => (hidden || !name.startsWith('.')) && matches(name))
    .map((name) => `${place}${name}`)
    .flatMap((path) => (isLast ? [path] : isFolder(path, statSync) ? [`${path}/`] : []));
}

function foldersBelow(place: string, walk: Walk): readonly string[] {
  const found = [place];
  for (let at = 0; at < found.length; at += 1) {
    const folder = found[at] ?? '';
    const inner = namesIn(folder, walk)
      .filter((name) => !name.startsWith('.') && isFolder(`${folder}${name}`, lstatSync))
      .map((name) => `${folder}${name}/`);
    found.splice(at + 1, 0, ...inner);
  }
  return found;
}

/** Nothing of what cannot be read, as shells do. */
function namesIn(place: string, walk: Walk): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(place === '' ? '.' : place);
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return [];
  }
  walk.left -= names.length;
  if (walk.left < 0) throw new UsageError(`${walk.glob}: there are too many files to look through`);
  return names.sort((a, b) => (a < b ? -1 : 1));
}

function isFolder(path: string, stat: typeof statSync | typeof lstatSync): boolean {
  try {
    return stat(path).isDirectory();
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return false;
  }
}
