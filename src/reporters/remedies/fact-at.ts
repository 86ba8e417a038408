import { factAt as factOf } from '../../report/fact-at.ts';
import type { Located } from './fix.ts';

/** Of the file that is located: see `report`. */
export function factAt({ judged }: Located, path: string): unknown {
  return factOf(judged, path);
}

/** Names of the languages whose code is in the file. */
export function languagesOf(file: Located): readonly string[] {
  const value = factAt(file, 'language');
  return Array.isArray(value)
    ? value.map(({ name }: { readonly name: unknown }) => String(name))
    : [];
}
