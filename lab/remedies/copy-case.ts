/** A program that is built badly, then by what the text report says to copy. */
export interface CopyCase {
  readonly name: string;
  /** bash, before the build: what makes it bad. */
  readonly before: string;
  /** bash, in a folder of its own; writes `$out`. Reads the variables that every build reads. */
  readonly build: string;
  /** Rules that fail it at first, severity medium or above: at least these. */
  readonly fails: readonly string[];
  /** Whether the result is started, and has to print what it prints before. */
  readonly starts: boolean;
}
