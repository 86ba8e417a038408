import type { RootEntry } from '../../../layers/root.ts';
import type { StartCause } from '../cause.ts';
import type { SeenImage } from '../seen-image.ts';
import type { StartEnd } from '../start.ts';
import type { Errno } from './errno.ts';
import type { Walker } from './walk-path.ts';

/** What execve(2) has around it. */
export interface Surroundings {
  readonly image: SeenImage;
  readonly walker: Walker;
  /** The working directory, absolute. */
  readonly directory: string;
  /** Of the process that calls. */
  readonly environment: ReadonlyMap<string, string>;
  /** A starter became another user than that of the image, for whom its programs are linked. */
  readonly isOtherUser: boolean;
}

/** What execve(2) is given, its path looked up. */
export interface Execution {
  readonly path: string;
  readonly entry: RootEntry;
  /** The program's own name first. */
  readonly words: readonly string[];
  /** As in Started. */
  readonly script: RootEntry | null;
}

export type Started =
  /** An ELF file runs, with these words. */
  | {
      readonly outcome: 'program';
      readonly program: string;
      readonly entry: RootEntry;
      readonly words: readonly string[];
      /** The script that it interprets; null where it was started by itself. */
      readonly script: RootEntry | null;
    }
  /** execve returns an error to its caller. */
  | {
      readonly outcome: 'error';
      readonly errno: Errno;
      readonly cause: StartCause;
      readonly because: string;
      /** Path of the ELF file that the kernel refuses; null where it got to none. */
      readonly program: string | null;
    }
  | { readonly outcome: 'end'; readonly end: StartEnd };
