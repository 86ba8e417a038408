import type { RootEntry } from '../../layers/root.ts';

/** `installed`: a service's file names it, and nothing that the image starts would run services. */
export type How = 'mentioned' | 'service' | 'installed';

/** A file that something names which the image starts. */
export interface Mentioned {
  readonly entry: RootEntry;
  readonly how: How;
  /** What names it: a word of the command, a variable, the health check, or the path of a script or of a service's file. */
  readonly by: string;
}

/** A text to be followed. */
export interface Named {
  readonly text: string;
  readonly by: string;
  /** A shell reads it, so that all of its words count; of settings it is paths, and what says that it starts something. */
  readonly isShell: boolean;
  /** It comes from the image's settings, so that texts get its folders by variables. */
  readonly isGiven?: true;
  /** Where its relative names begin. */
  readonly folder?: string;
  /** It is a script of a package.json, with which programs of packages are run by their names. */
  readonly isOfPackage?: true;
}
