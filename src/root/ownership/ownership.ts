/** Who can change a binary: what a report shows first, and a gate counts, is decided by it. */
export interface Ownership {
  readonly whose: Whose;
  /** The package or module that brought it; null where none is known. Of what is yours, it is your own. */
  readonly component: Component | null;
  /** How that is known, as the end of a sentence: `its digest agrees with the package database`. */
  readonly because: string;
  /** Said by the user (configuration, --base) and not by the image; absent where the image says it. */
  readonly isDeclared?: true;
  /** The package database has no digests: it names the path alone. Absent: a digest agrees, or no such database says it. */
  readonly byPathAlone?: true;
}

/**
 * `distribution`: a package that the distribution of the image made. `dependency`: what others made, and the author of the
 * image chose. `yours`: all else.
 */
export type Whose = 'yours' | 'dependency' | 'distribution';

export interface Component {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
  /** https://github.com/package-url/purl-spec */
  readonly purl: string;
  /** What reports put together: the source package where there is one, else the name. */
  readonly group: string;
  /** Why the user may have made it nevertheless, as the end of a sentence; absent where nothing says so. */
  readonly mayBeOwn?: string;
  /** Of a module of npm: it holds binaries, and neither sources nor a script that builds them. Absent: it may be built. */
  readonly isPrebuilt?: true;
}

/** As the type of a package URL has it. */
export type Ecosystem =
  | 'apk'
  | 'deb'
  | 'rpm'
  | 'alpm'
  | 'npm'
  | 'pypi'
  | 'gem'
  | 'maven'
  | 'conda'
  | 'golang'
  | 'generic';
