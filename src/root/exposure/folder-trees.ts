import type { RootEntry } from '../../layers/root.ts';
import type { NamedEntries } from './named-entries.ts';

/** What lies in folders that something runs the files of. */
export class FolderTrees {
  readonly #names: NamedEntries;
  /** Folders of which the files were met, and to which depth. */
  readonly #met = new Map<string, number>();

  constructor(names: NamedEntries) {
    this.#names = names;
  }

  *filesIn(folder: RootEntry, deepest: number): Iterable<RootEntry> {
    // Again it would find the same, and every line of a system's start names the same few.
    if ((this.#met.get(folder.path) ?? 0) >= deepest) return;
    this.#met.set(folder.path, deepest);
    const pending = [{ path: folder.path, depth: 1 }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const entry of this.#names.inside(next.path)) {
        if (entry.type === 'directory' && next.depth < deepest)
          pending.push({ path: entry.path, depth: next.depth + 1 });
        if (entry.type === 'file') yield entry;
      }
    }
  }
}
