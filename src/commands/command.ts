import type { Argv } from 'yargs';

/** What a command may use of the world: main's streams and nothing of `process`. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** As `2026-11-23`, in UTC: the clock is read once. */
  readonly today: string;
}

export interface Output {
  /** Resolves when the text is accepted; a closed pipe is not an error. */
  write(text: string | Buffer): Promise<void>;
  readonly isTty: boolean;
  readonly columns: number;
}

/** One command. One file of this folder is one command; `index.ts` is generated. */
export interface Command {
  readonly name: string;
  /** Adds the command to the parser; its handler gives the exit code to `finish`. */
  register(parser: Argv, surroundings: Surroundings, finish: (exitCode: number) => void): void;
}
