import type { Build } from './programs.ts';

export type Whose = 'yours' | 'dependency' | 'distribution';

/** `found`: as such an image is met. `built-well`: the author's own is hardened, and dependencies start. */
export type Edition = 'found' | 'built-well';

export interface OwnFile {
  readonly path: string;
  readonly build: Build;
  /** Of a package that its author built: a dependency. */
  readonly whose: Whose;
}

export function yours(path: string, build: Build): OwnFile {
  return { path, build, whose: 'yours' };
}

/** One entry of a history, as the builder that is named writes it. */
export interface Step {
  readonly createdBy: string;
  readonly comment?: string;
  /** Absent: it made no layer. */
  readonly layer?: Layer;
}

/** Where the content of a layer comes from. Layers of one name are the same. */
export type Layer =
  | {
      readonly of: 'debian';
      readonly name: string;
      /** Names, or what makes a .deb in a folder and says where it lies. Empty: the system itself. */
      readonly packages: readonly (string | ((folder: string) => string))[];
    }
  /** In the folder of roots that the user gave. */
  | { readonly of: 'archive'; readonly name: string }
  | { readonly of: 'folder'; readonly name: string; readonly make: (root: string) => void };

export interface RealisticImage {
  readonly name: string;
  readonly tag: string;
  readonly steps: (edition: Edition) => readonly Step[];
  /** The `config` object of the image configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly own: (edition: Edition) => readonly OwnFile[];
  /** Files of dependencies that cannot start, and the rules that say so; they start in the other edition. */
  readonly breakingDependencies: Readonly<Record<string, readonly string[]>>;
  /** Whose some files are that are not built here. */
  readonly whose: (edition: Edition) => Readonly<Record<string, Whose>>;
  readonly fix: string;
  /** Options of the scan, with names of files in the folder of the images. */
  readonly options: readonly string[];
}
