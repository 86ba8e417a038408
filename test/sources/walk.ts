import type { Entry } from '../../src/archive/entry.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import type { Problem } from '../../src/base/problem.ts';
import { walkDirectory } from '../../src/sources/directory/directory-walk.ts';

export interface Seen {
  readonly entries: readonly (Omit<Entry, 'body'> & { readonly body: string })[];
  readonly problems: readonly Problem[];
}

/** Reads every body. `between` is called with each entry, before its body is read. */
export async function walk(
  path: string,
  between: (entry: Entry) => void = () => {},
): Promise<Seen> {
  const entries: Seen['entries'][number][] = [];
  const problems: Problem[] = [];
  for await (const entry of walkDirectory(path, defaultLimits, (problem) =>
    problems.push(problem),
  )) {
    between(entry);
    const pieces: Buffer[] = [];
    for await (const piece of entry.body()) pieces.push(piece);
    entries.push({ ...entry, body: Buffer.concat(pieces).toString() });
  }
  return { entries, problems };
}
