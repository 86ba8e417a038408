import { normalisePath } from '../../base/normalise-path.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { longestWord } from './words.ts';

/**
 * Look-ups of each kind: hostile commands and scripts have any number of words, and a PATH of any length. Words for PATH do not
 * use up what paths may take.
 */
const mostLookUps = 500_000;
const mostFolders = 64;

export interface NamedEntriesOptions {
  readonly root: Root;
  readonly locate: (word: string) => RootEntry | undefined;
  /** How many folders PATH has. */
  readonly onPath: number;
}

/** What lies where words lead: to a path, by PATH, or below any folder that was named, before the word or after it. */
export class NamedEntries {
  readonly #root: Root;
  readonly #locate: (word: string) => RootEntry | undefined;
  readonly #onPath: number;
  /** Folders that names without a beginning may begin in, and those that a text puts into PATH. */
  readonly #folders = new Set<string>();
  readonly #path = new Set<string>();
  readonly #ends = new Set<string>();
  readonly #names = new Set<string>();
  readonly #namesIn = new Map<string, ReadonlySet<string>>();
  #lookUps = { onPath: 0, paths: 0 };
  /** Something was not looked up. */
  isOver = false;

  constructor({ root, locate, onPath }: NamedEntriesOptions) {
    this.#root = root;
    this.#locate = locate;
    this.#onPath = onPath;
  }

  /** Before any word is known. */
  begin(folder: string): void {
    this.#folders.add(folder);
  }

  /** As a shell looks a word up, and then below each folder. */
  *ofWord(word: string): Generator<RootEntry> {
    if (/[*?]/.test(word)) yield* this.#matching(word);
    if (word.includes('/')) {
      if (this.#spend('paths', 1)) yield* found(this.#locate(word));
      if (!word.startsWith('/')) yield* this.ofEnd(`/${word}`);
      return;
    }
    if (this.#spend('onPath', this.#onPath)) yield* found(this.#locate(word));
    this.#names.add(word);
    for (const folder of this.#path) yield* this.#below(folder, `/${word}`);
  }

  /** What lies in a folder by a pattern behind a variable that may hold it: `for each in "$folder"/*`. */
  *ofWholeFolder(folder: string, end: string): Generator<RootEntry> {
    if (this.#spend('paths', 1)) yield* this.#matching(`${folder}${end}`);
  }

  /** `/bin/tool`, in whatever folder. */
  *ofEnd(end: string): Generator<RootEntry> {
    if (this.#ends.has(end)) return;
    this.#ends.add(end);
    for (const folder of this.#folders) yield* this.#below(folder, end);
  }

  /** What was named before it was known that names begin there. */
  *ofFolder(folder: string): Generator<RootEntry> {
    if (this.#folders.has(folder)) return;
    if (this.#folders.size >= mostFolders) {
      this.isOver = true;
      return;
    }
    this.#folders.add(folder);
    for (const end of this.#ends) yield* this.#below(folder, end);
  }

  /** As `ofFolder`, of a folder in which commands are looked up. */
  *ofPathFolder(folder: string): Generator<RootEntry> {
    if (this.#path.has(folder)) return;
    if (this.#path.size >= mostFolders) {
      this.isOver = true;
      return;
    }
    this.#path.add(folder);
    for (const name of this.#names) yield* this.#below(folder, `/${name}`);
  }

  /** What lies directly in a folder. */
  *inside(folder: string): Generator<RootEntry> {
    for (const name of this.#root.list(folder)) yield* this.#below(folder, `/${name}`);
  }

  *#below(folder: string, end: string): Generator<RootEntry> {
    if (/[*?]/.test(end)) {
      if (!/^\/[*?]/.test(end)) yield* this.#matching(`${folder}${end}`);
      return;
    }
    const path = `${folder}${end}`;
    if (path.length > longestWord || !this.#spend('paths', 1)) return;
    if (this.#mayBeBelow(folder, end)) yield* found(this.#root.resolve(normalisePath(path)));
  }

  /** Nearly all words do not name a folder, which a set shows many times faster than following the path. */
  #mayBeBelow(folder: string, end: string): boolean {
    const behind = end.indexOf('/', 1);
    const first = behind < 0 ? end.slice(1) : end.slice(1, behind);
    if (first === '' || first === '.' || end.includes('..')) return true;
    let names = this.#namesIn.get(folder);
    if (names === undefined) {
      const real = this.#root.resolve(normalisePath(folder))?.path;
      // Many folders may be links to one, which holds any number of names.
      names =
        this.#namesIn.get(real ?? '') ?? new Set(real === undefined ? [] : this.#root.list(real));
      this.#namesIn.set(real ?? '', names).set(folder, names);
    }
    return names.has(first);
  }

  /** `/docker-entrypoint.d/*.sh`: a shell puts what matches in its place. */
  *#matching(pattern: string): Generator<RootEntry> {
    if (!pattern.startsWith('/')) return;
    let folders = ['/'];
    for (const part of normalisePath(pattern).slice(1).split('/')) {
      const next: string[] = [];
      for (const folder of folders) {
        const prefix = folder === '/' ? '' : folder;
        if (!/[*?]/.test(part)) {
          next.push(`${prefix}/${part}`);
          continue;
        }
        const real = this.#root.resolve(folder)?.path ?? folder;
        const names = this.#root.list(real);
        if (!this.#spend('paths', names.length)) return;
        for (const name of names) if (matchesPattern(name, part)) next.push(`${prefix}/${name}`);
      }
      folders = next;
    }
    for (const path of folders) if (this.#spend('paths', 1)) yield* found(this.#root.resolve(path));
  }

  #spend(kind: 'onPath' | 'paths', count: number): boolean {
    this.#lookUps[kind] += count;
    if (this.#lookUps[kind] <= mostLookUps) return true;
    this.isOver = true;
    return false;
  }
}

function found(entry: RootEntry | undefined): readonly RootEntry[] {
  return entry === undefined ? [] : [entry];
}

/** `*` and `?` of a shell. At the last star it takes one character more, so that a match costs at most the product of both lengths. */
function matchesPattern(name: string, pattern: string): boolean {
  let [at, of, star, taken] = [0, 0, -1, 0];
  while (at < name.length) {
    const sign = pattern[of];
    if (sign === '*') {
      star = of;
      taken = at;
      of += 1;
    } else if (sign === '?' || sign === name[at]) {
      at += 1;
      of += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      of = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(of));
}
