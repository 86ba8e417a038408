import type { Fact } from '../fact.ts';

/**
 * What the place of a binary says: facts that need the whole root filesystem. For a bare file `placement` says so
 * and the others tell what the file alone can tell.
 */
export interface RootFacts {
  readonly placement: Fact<Placement>;
}

export type Placement =
  | { readonly where: 'bare-file' }
  | {
      readonly where: 'root';
      readonly path: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly setuid: boolean;
      readonly setgid: boolean;
      readonly layer: number;
    };
