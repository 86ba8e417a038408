import { baseName, directoryOf } from '../../base/path-parts.ts';
import type { Named } from './named-text.ts';
import { isAskedFor, scriptsOf, tasksOf } from './task-runners.ts';

/** What runners of tasks find by themselves because of a text, in the folders that are known. */
export interface TasksMet {
  readonly scripts: readonly Named[];
  /** Ends of paths, with the word that stands for each. */
  readonly ends: readonly (readonly [end: string, word: string])[];
}

/** Packages and files of tasks of one image: a text may run what was met before it, and what is met after it. */
export class TaskScripts {
  /** By the path of each package.json that was met, its scripts that were not followed. */
  readonly #packages = new Map<string, Map<string, string>>();
  /** Words with which packages are run. */
  readonly #packaged = new Set<string>();
  /** Files that a runner of tasks looks for. */
  readonly #files = new Set<string>();

  /** `npm start`, `make run`. */
  meet({ text, isOfPackage }: Named): TasksMet {
    const { files, packaged } = tasksOf(
      isOfPackage ? `npx ${text.replace(/&&|[;|\n]/g, '$& npx ')}` : text,
    );
    for (const each of files) this.#files.add(each);
    for (const each of packaged) this.#packaged.add(each);
    const programs = [...packaged].filter((each) => /^[\w@][\w.@+-]*$/.test(each));
    return {
      scripts: [...this.#packages.keys()].flatMap((path) => this.#askedFor(path)),
      ends: [
        ...files.map((each) => [`/${each}`, each] as const),
        ...programs.map((each) => [`/node_modules/.bin/${each}`, each] as const),
      ],
    };
  }

  /** A text has something look for a file of such a name. */
  isLookedFor(path: string): boolean {
    return this.#files.has(baseName(path));
  }

  /** The scripts of a package.json that texts run; none where it was added before. */
  addPackage(path: string, text: string): readonly Named[] {
    if (this.#packages.has(path)) return [];
    this.#packages.set(path, new Map(scriptsOf(text)));
    return this.#askedFor(path);
  }

  #askedFor(path: string): readonly Named[] {
    const scripts = this.#packages.get(path) ?? new Map<string, string>();
    const found = [...scripts].filter(([name]) => isAskedFor(name, this.#packaged));
    for (const [name] of found) scripts.delete(name);
    const folder = directoryOf(path);
    return found.map(([, text]) => ({ text, by: path, isShell: true, folder, isOfPackage: true }));
  }
}
