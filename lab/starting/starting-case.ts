import type { BaseRoot } from './base-roots.ts';
import type { Workshop } from './workshop.ts';

/** How far a program came: every program of the cases prints `started` first and ends with status 42. */
export type Fate = 'starts' | 'dies at start' | 'dies at the first call';

/** As an image's config has it. */
export interface StartingContext {
  /** `NAME=value` */
  readonly environment?: readonly string[];
  readonly workingDirectory?: string;
  /** `uid:gid` */
  readonly user?: string;
}

/** One program in one root, made so that it is clear beforehand how it must end. */
export interface StartingCase {
  readonly name: string;
  readonly base: BaseRoot;
  readonly ends: Fate;
  /** Where the program lies; /program when left out. */
  readonly program?: string;
  /** The root is an image that says so; left out: it is a folder, and a user without rights starts it from its top. */
  readonly context?: StartingContext;
  /** Setuid only counts where the file can belong to another user. */
  readonly needsRoot?: true;
  make(workshop: Workshop): void;
}
