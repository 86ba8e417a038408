import type { Workshop } from '../starting/workshop.ts';

export type OpeningFate = 'loads' | 'cannot be loaded' | 'dies at the first call';

/** One library in one root that a process opens, made so that it is clear beforehand how it must end. */
export interface OpeningCase {
  readonly name: string;
  readonly libc: 'musl' | 'glibc';
  readonly ends: OpeningFate;
  /** The plugin; the program that opens it is `/usr/bin/` + `host`. */
  readonly path: string;
  readonly host: 'python3.11' | 'node' | 'nginx' | 'login';
  /** Linked with the host. */
  readonly hostFlags?: (workshop: Workshop) => readonly string[];
  make(workshop: Workshop): void;
}
