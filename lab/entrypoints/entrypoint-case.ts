import type { ImageFiles } from './image-files.ts';
import type { Programs } from './programs.ts';

/**
 * What an image starts from: nothing; the loader and libc of musl or of glibc; a small Debian (dash, bash, env, nobody's
 * and root's names); or Alpine's own root, where it is on this machine.
 */
export type BaseImage = 'scratch' | 'musl' | 'glibc' | 'debian' | 'alpine-3.20' | 'alpine-3.10';

/** Fields of an image's config, as they are spelled there. */
export interface EntrypointConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

export interface EntrypointCase {
  /** A claim without its outcome: that is recorded from a real run. */
  readonly name: string;
  readonly bases: readonly BaseImage[];
  readonly config: EntrypointConfig;
  /** Of the image's platform; absent: amd64. */
  readonly architecture?: string;
  /** The command starts, and what it does then decides. */
  readonly leftToProgram?: true;
  /** Why nothing is said of it, though the runtimes at hand agree. */
  readonly undecided?: string;
  /** Programs that start print `started`. */
  readonly make?: (files: ImageFiles, programs: Programs) => void;
}
