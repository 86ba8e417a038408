/** By what two binaries are taken for releases of one. */
export type Step =
  | 'path'
  | 'other name'
  | 'path without versions'
  | 'content'
  | 'build ID'
  | 'place in package'
  | 'name in package'
  | 'soname'
  | 'file name'
  | 'file name, with a package on one side';

/** Of what was given, by its index. */
export interface Match {
  /** null: the new one was added. */
  readonly old: number | null;
  /** null: the old one was removed. */
  readonly fresh: number | null;
  /** null: it is on one side only. */
  readonly by: Step | null;
}

/** Files of one name that could follow each other in more than one way: they are removed and added. */
export interface Unclear {
  /** Their path or name without versions. */
  readonly name: string;
  readonly old: readonly number[];
  readonly fresh: readonly number[];
}

export interface Matches {
  readonly matches: readonly Match[];
  readonly unclear: readonly Unclear[];
}
