import type { Fact } from '../../base/fact.ts';
import type { Located } from './fix.ts';

/** The value at a dotted path that begins with the name of a fact; undefined where there is none, or it is not known. */
export function factAt({ judged }: Located, path: string): unknown {
  const [name = '', ...members] = path.split('.');
  // As a table: a saved report may be of a version that had other facts.
  const fact = (judged.facts as Readonly<Record<string, Fact<unknown>>>)[name];
  let value = fact?.known === true ? fact.value : undefined;
  for (const member of members) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, member) ? Reflect.get(value, member) : undefined;
  }
  return value;
}

/** Names of the languages whose code is in the file. */
export function languagesOf(file: Located): readonly string[] {
  const value = factAt(file, 'language');
  return Array.isArray(value)
    ? value.map(({ name }: { readonly name: unknown }) => String(name))
    : [];
}
