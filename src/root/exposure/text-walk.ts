import { directoryOf } from '../../base/path-parts.ts';
import { decodeName } from '../../base/text.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { withoutComments } from './comments.ts';
import { FolderTrees } from './folder-trees.ts';
import { type FoldersRun, foldersRun, isFolderOfSystem, nothingRun } from './folders-run.ts';
import { loaderWords } from './loader-words.ts';
import { NamedEntries } from './named-entries.ts';
import type { How, Mentioned, Named } from './named-text.ts';
import { inFolder, Namings } from './namings.ts';
import { isDataOfSystem } from './plain-texts.ts';
import { type Naming, namesToRead, startsOpenShell } from './read-by-shell.ts';
import { isForShell } from './script-text.ts';
import { startingLines, wordsOfService } from './service-files.ts';
import type { RunnerSearch } from './service-runners.ts';
import { isTaskFile } from './task-runners.ts';
import { TaskScripts } from './task-scripts.ts';
import { foldersOfPath, wordsOf } from './words.ts';

export interface TextWalkOptions {
  readonly root: Root;
  readonly locate: (word: string) => RootEntry | undefined;
  readonly onPath: number;
  readonly homes: readonly string[];
}

interface Purpose {
  readonly how: How;
  readonly runners?: RunnerSearch;
}

/** How one text takes what its words lead to. */
interface Taking {
  readonly named: Named;
  readonly runs: FoldersRun;
  readonly purpose: Purpose;
}

/** The budget of one image, for all of its texts together: it has no other end. */
const mostTexts = 4096;
const mostBytes = 1 << 25;

/** Follows texts to the files that they name, and those that are texts further on. */
export class TextWalk {
  readonly #root: Root;
  readonly #names: NamedEntries;
  readonly #found = new Map<number, Mentioned>();
  /** Texts by inode: a text that was read as settings may be read by a shell later. */
  readonly #read = new Map<number, 'settings' | 'shell'>();
  readonly #containers: ReadonlySet<number>;
  readonly #pending: Named[] = [];
  readonly #trees: FolderTrees;
  /** Folders that the command and the variables of the image name, which texts get by variables. */
  readonly #given = new Set<string>();
  readonly #tasks = new TaskScripts();
  readonly #namings = new Namings();
  #texts = 0;
  #bytes = 0;
  #unread: string | null = null;
  /** A text starts a shell that reads its own settings. */
  startsOpenShell = false;

  constructor(options: TextWalkOptions) {
    this.#root = options.root;
    this.#names = new NamedEntries(options);
    this.#trees = new FolderTrees(this.#names);
    this.#containers = new Set(options.root.containers.map(({ entry }) => entry.inode));
    for (const home of options.homes) this.#names.begin(home);
  }

  get files(): readonly Mentioned[] {
    return [...this.#found.values()];
  }

  /** The first text that was not read, or what else was left out. */
  get unread(): string | null {
    if (this.#unread !== null) return this.#unread;
    return this.#names.isOver ? 'more names than are looked up' : null;
  }

  leaveOut(what: string): void {
    this.#unread ??= what;
  }

  /** The first way counts. */
  meet(entry: RootEntry, { how, by }: Omit<Mentioned, 'entry'>): void {
    if (!this.#found.has(entry.inode)) this.#found.set(entry.inode, { entry, how, by });
  }

  follow(texts: readonly Named[], purpose: Purpose): void {
    // The first one last.
    this.#pending.push(...texts.toReversed());
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop())
      this.#followOne(next, purpose);
  }

  #followOne(named: Named, purpose: Purpose): void {
    const { text, isShell, folder } = named;
    this.#texts += 1;
    this.#bytes += text.length;
    if (this.#texts > mostTexts || this.#bytes > mostBytes) {
      this.leaveOut('more texts than are followed');
      return;
    }
    const runs = isShell ? foldersRun(text) : nothingRun;
    const take = (entries: Iterable<RootEntry>, word: string) => {
      for (const entry of entries) {
        if (entry.type === 'directory' && !isFolderOfSystem(entry.path)) folders.add(entry.path);
        this.#take(entry, word, { named, runs, purpose });
      }
    };
    const folders = new Set<string>();
    if (isShell) this.#followTasks(named, take);
    if (folder !== undefined) take(this.#names.ofFolder(folder), folder);
    const { plain, ends } = wordsOf(text);
    const starting = isShell ? plain : wordsOf(startingLines(text)).plain;
    for (const word of plain) {
      if (!word.includes('/') && !starting.has(word)) continue;
      purpose.runners?.addWord(word);
      take(this.#names.ofWord(word), word);
    }
    for (const end of ends) take(this.#names.ofEnd(end), end);
    if (!isShell) return;
    this.#followLoader(text, (entry) => this.meet(entry, { how: purpose.how, by: named.by }));
    if (named.isGiven) for (const each of folders) this.#given.add(each);
    this.#takeByVariables([...folders, ...this.#given], ends, { named, runs, purpose });
    this.startsOpenShell ||= purpose.how === 'mentioned' && startsOpenShell(text);
    for (const name of namesToRead(text)) take(this.#names.ofEnd(`/${name}`), name);
    for (const each of foldersOfPath(text)) take(this.#names.ofPathFolder(each), each);
  }

  /** What a runner of tasks finds by itself. */
  #followTasks(named: Named, take: (entries: Iterable<RootEntry>, word: string) => void): void {
    const { scripts, ends } = this.#tasks.meet(named);
    this.#pending.push(...scripts);
    for (const [end, word] of ends) take(this.#names.ofEnd(end), word);
  }

  /** Which library of them a program needs is not asked. */
  #followLoader(text: string, meet: (entry: RootEntry) => void): void {
    const { words, ends } = loaderWords(text);
    for (const word of words)
      for (const entry of this.#names.ofWord(word)) if (entry.elf !== null) meet(entry);
    for (const end of ends)
      for (const entry of this.#names.ofEnd(end)) if (entry.elf !== null) meet(entry);
  }

  /** A folder that was named may be where names begin that were met before. */
  #take(first: RootEntry, word: string, { named, runs, purpose }: Taking): void {
    const pending = [first];
    for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
      if (entry.type === 'directory') {
        for (const each of this.#names.ofFolder(entry.path)) pending.push(each);
        const depth = Math.max(runs.named.get(word) ?? 0, /\.d\/?$/.test(word) ? 1 : 0);
        if (depth > 0) this.#takeTree(entry, depth, named, purpose);
      }
      if (entry.type !== 'file') continue;
      purpose.runners?.addFile(word, entry.path);
      this.meet(entry, { how: purpose.how, by: named.by });
      if (this.#mayRead(entry))
        this.#readText(entry, () => this.#namings.of(named.text, word, runs));
    }
  }

  /**
   * `run-parts "$folder"`, `for each in "$folder"/*`: which one it is, is not known; it may be any that the same text names, or the
   * image's command and variables.
   */
  #takeByVariables(folders: readonly string[], ends: ReadonlySet<string>, taking: Taking): void {
    const { named, runs, purpose } = taking;
    const isUsed = runs.runsVariables || runs.readsVariables;
    const patterns = isUsed ? [...ends].filter((end) => /^\/[*?]/.test(end)) : [];
    if (runs.anyDepth === 0 && patterns.length === 0) return;
    for (const path of new Set(folders)) {
      const folder = this.#root.resolve(path);
      if (folder?.type !== 'directory') continue;
      if (runs.anyDepth > 0) this.#takeTree(folder, runs.anyDepth, named, purpose);
      for (const end of patterns)
        for (const entry of this.#names.ofWholeFolder(folder.path, end))
          if (entry.type === 'file' && this.#isProgramOrText(entry)) this.#take(entry, end, taking);
    }
  }

  /** Data that a text only may mean leaves nothing in doubt. */
  #isProgramOrText({ elf, mode, path }: RootEntry): boolean {
    return elf !== null || (mode & 0o111) !== 0 || this.#root.text(path) !== undefined;
  }

  /** What lies in a folder that something runs the files of. */
  #takeTree(folder: RootEntry, deepest: number, { by }: Named, purpose: Purpose): void {
    for (const entry of this.#trees.filesIn(folder, deepest)) {
      this.meet(entry, { how: purpose.how, by });
      if (this.#mayRead(entry)) this.#readText(entry, () => inFolder);
    }
  }

  #mayRead({ elf, size, inode }: RootEntry): boolean {
    return elf === null && size > 0 && this.#read.get(inode) !== 'shell';
  }

  #readText(entry: RootEntry, howNamedHere: () => Naming): void {
    const { shebang, inode, path, mode } = entry;
    const isScript = shebang !== null && isForShell(shebang);
    const bytes = this.#root.text(path);
    const isTask = this.#tasks.isLookedFor(path);
    if (isTask && path.endsWith('/package.json')) {
      if (bytes === undefined) this.leaveOut(path);
      else this.#pending.push(...this.#tasks.addPackage(path, decodeName(bytes)));
      return;
    }
    const naming = isScript && bytes !== undefined ? inFolder : howNamedHere();
    const isStarted = naming.isStarted && shebang === null && (mode & 0o111) !== 0;
    const isShell = naming.isRead || isStarted || isScript || isTask;
    if (bytes === undefined) {
      // What Java runs may be a script too, in front of the archive.
      const isData =
        naming.isArchive || (this.#containers.has(inode) && !naming.isRead && !isScript);
      if (isShell && !isData) this.leaveOut(path);
      return;
    }
    const kind = isShell ? 'shell' : 'settings';
    if (
      this.#read.get(inode) === kind ||
      (!isShell && isDataOfSystem(path) && !isTaskFile(path, bytes.length))
    )
      return;
    this.#read.set(inode, kind);
    const text = decodeName(bytes);
    this.#pending.push({
      text: isShell ? withoutComments(text) : wordsOfService(path, text),
      by: path,
      isShell,
      folder: directoryOf(path),
    });
  }
}
