import type { Rule } from '../judge/rule.ts';
import type { Report } from '../report/report.ts';
import type { Repository } from './alerts/alert-names.ts';
import type { ToolchainName } from './remedies/toolchain.ts';

/** One output format. One file of this folder is one reporter; `index.ts` is generated. */
export interface Reporter {
  /** As in `-o NAME`. */
  readonly format: string;
  /** For --help, one line. */
  readonly summary: string;
  /** The report in pieces, so that a large one is never held as one string. Pure. */
  render(report: Report, options: RenderOptions): Iterable<string>;
}

export interface RenderOptions {
  /** ANSI colours and styles may be used. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when there is none. */
  readonly width: number;
  /** Every verdict, not only what a person must act on. */
  readonly all: boolean;
  /** What findings rest on. */
  readonly verbose: boolean;
  /** Every package of the distribution with its findings. */
  readonly packages: boolean;
  /** null: by who made the files, as much as fits a screen or two. */
  readonly groupBy: 'file' | 'rule' | 'package' | 'layer' | null;
  /** Text: why the gate broke or held, and what would change it, in place of the report. Absent: no. */
  readonly explainGate?: boolean;
  /** JSON formats: all facts, in place of those that are needed to read the report back. Absent: no. */
  readonly facts?: boolean;
  /** What the reader builds with; null: what the files show. */
  readonly toolchain: ToolchainName | null;
  /** SARIF also has the failures that are waived or in the baseline, marked so. GitHub reads no such mark: it would open alerts. */
  readonly suppressions: boolean;
  /** Titles and remedies of the rules that judged; a saved report may name rules that are not among them. */
  readonly rules: readonly Rule[];
  /** What locations in it are relative to; null or absent: it is not known. */
  readonly repository?: Repository | null;
  /** Where code scanning shows its alerts instead of the binary's own path: usually the Dockerfile. */
  readonly alertLocation: { readonly file: string; readonly line: number } | null;
  /** Its instructions are where alerts stand; `file` is relative to the repository. Absent: there is none. */
  readonly dockerfile?:
    | {
        readonly file: string;
        readonly text: string;
        /** Named by the user; otherwise it was found next to the configuration. */
        readonly isNamed: boolean;
      }
    | undefined;
}
