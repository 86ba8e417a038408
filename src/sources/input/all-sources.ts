import { sources } from '../index.ts';
import type { Source } from '../source.ts';

let loaded: Promise<readonly Source[]> | undefined;

/** In the order of their schemes. */
export function allSources(): Promise<readonly Source[]> {
  loaded ??= Promise.all(Object.values(sources).map((load) => load()));
  return loaded;
}

/** Whether a file of this name would be opened by a source. */
export async function isNameOfInput(name: string): Promise<boolean> {
  const ending = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase();
  return (
    ending !== undefined && (await allSources()).some(({ endings }) => endings?.includes(ending))
  );
}
