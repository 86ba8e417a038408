import type { FileFacts } from '../../facts/index.ts';

/** The separate debug file of a program: what its folders have for it. Plain data. */
export type DebugFile = UsedDebugFile | RefusedDebugFile;

export interface UsedDebugFile {
  readonly state: 'used';
  /** Path in the folder of debug files. */
  readonly name: string;
  /**
   * `build-id`: it lies where that says, and has the same. `debug-link`: `.gnu_debuglink` names it, and its CRC is right.
   * `split-unit`: a unit of the program names it, and has the same number; there are as many files as such units.
   */
  readonly foundBy: 'build-id' | 'debug-link' | 'split-unit';
  /** Those that are known with it, and are otherwise, or not known, without it. */
  readonly facts: Partial<FileFacts>;
}

/** One that is there and is not used. */
export interface RefusedDebugFile {
  readonly state: 'refused';
  readonly name: string;
  /** A sentence without its subject: `has the build ID ab, and the program cd`. */
  readonly because: string;
}
