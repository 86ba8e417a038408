import type { StartCause } from '../cause.ts';

/** What a running program does first, where that is certain. */
export type Launch =
  /** It runs by itself; `beyond`: its instructions that are not judged, null if there are none. */
  | { readonly how: 'runs'; readonly beyond: string | null }
  /** It executes these words, as execvp(3) or a shell does. */
  | {
      readonly how: 'executes';
      readonly words: readonly string[];
      readonly isOpen: boolean;
      readonly by: 'execvp' | 'shell';
      /** The environment that it gives, where it is not its own: null is not set. */
      readonly changes: ReadonlyMap<string, string | null>;
      /** USER that it becomes first; null: it stays who it is. */
      readonly user: string | null;
    }
  /** A shell reads this file. */
  | { readonly how: 'reads'; readonly script: string; readonly given: readonly string[] }
  | {
      readonly how: 'fails';
      readonly prints: string;
      readonly because: string;
      /** Absent: what it is given. */
      readonly cause?: StartCause;
    }
  /** Whether it does anything. */
  | { readonly how: 'unknown'; readonly because: string };

export const noChanges: ReadonlyMap<string, string | null> = new Map();

/** A program that runs, as far as its names, its file and its words show what it does. */
export interface RunningProgram {
  /** The path that it was started by. */
  readonly path: string;
  /** All names of the file itself, links followed and hard links included: `busybox` is many programs. */
  readonly files: readonly string[];
  /** All paths that lead to the file, symbolic links included; null: not looked at. */
  readonly names: readonly string[] | null;
  /** Of the table in a BusyBox; null for any other file, and where the table is not known. */
  readonly applets: ReadonlySet<string> | null;
  /** The loader of a libc, which starts what its words name. */
  readonly isLoader: boolean;
  /** PT_INTERP; null where it has none, or none that can be read. */
  readonly interpreter: string | null;
  /** Whether its C library gives /bin/sh a text without `#!`, where it executes one; null: not known. */
  readonly readsTexts: boolean | null;
  /** Its own name first. */
  readonly words: readonly string[];
  /** More words follow that are not known. */
  readonly isOpen: boolean;
  /** That it was started with. */
  readonly environment: ReadonlyMap<string, string>;
}
