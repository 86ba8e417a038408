import type { Severity } from '../../base/verdict.ts';

/** Why verdicts became worse, as a page lists it. */
export interface PageCause {
  readonly rule: string;
  readonly severity: Severity;
  /** Code stands between backticks. */
  readonly sentence: string;
  /** Markdown; null: none is known. */
  readonly remedy: string | null;
  readonly breaks: boolean;
  readonly verdicts: number;
  /** The first ones. */
  readonly files: readonly string[];
  /** Files that are not named. */
  readonly more: number;
}
