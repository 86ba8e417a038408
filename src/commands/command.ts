import type { Argv } from 'yargs';

/** The streams and environment that a command uses instead of `process`. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** For example `2026-11-23`, in UTC: the clock is read once. */
  readonly today: string;
}

export interface Output {
  /** Resolves when the text is accepted; a closed pipe is not an error. */
  write(text: string | Buffer): Promise<void>;
  readonly isTty: boolean;
  readonly columns: number;
}

/** In the order of `hullcheck --help`. */
export const topics = ['Scan', 'Policy', 'Reports', 'Reference'] as const;

/** One command. One file of this folder is one command; `index.ts` is generated. */
export interface Command {
  readonly name: string;
  /** For example `diff <old> <new>`. */
  readonly usage: string;
  /** One line of `hullcheck --help`. */
  readonly summary: string;
  /** Heading of that line. */
  readonly topic: (typeof topics)[number];
  /** Adds the command to the parser; its handler gives the exit code to `finish`. */
  register(parser: Argv, surroundings: Surroundings, finish: (exitCode: number) => void): void;
  /** Runs without a parser and gives the exit code; null for words that need one. Absent: all do. */
  runPlain?(words: readonly string[], surroundings: Surroundings): Promise<number> | null;
}
