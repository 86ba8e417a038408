import type { BaseRoot } from './base-roots.ts';
import type { Fate } from './start-program.ts';
import type { Workshop } from './workshop.ts';

/** One program in one root, made so that it is clear beforehand how it must end. */
export interface StartingCase {
  readonly name: string;
  readonly base: BaseRoot;
  readonly ends: Fate;
  /** Where the program lies; /program when left out. */
  readonly program?: string;
  /** Setuid only counts where the file can belong to another user. */
  readonly needsRoot?: true;
  make(workshop: Workshop): void;
}
