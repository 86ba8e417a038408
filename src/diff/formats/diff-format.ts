import type { WorseConditions } from '../../policy/worse.ts';
import type { Report } from '../../report/report.ts';
import type { RenderOptions } from '../../reporters/reporter.ts';
import type { Difference } from '../difference.ts';

/** One format of `hullcheck diff`. One file of this folder is one format; `index.ts` is generated. */
export interface DiffFormat {
  /** As in `-o NAME`. */
  readonly format: string;
  /** The difference in pieces. Pure. */
  render(compared: Compared, look: DiffLook): Iterable<string>;
}

/** A difference, what it means, and what was compared. */
export interface Compared {
  readonly difference: Difference;
  readonly gate: DiffGate;
  /** The old and the new one. */
  readonly reports: readonly [Report, Report];
}

/** What the difference means for a pipeline: one sentence, whether something became worse than allowed, and what counts. */
export interface DiffGate extends WorseConditions {
  readonly state: 'holds' | 'broken' | 'undecided';
  readonly because: string;
  /** Positions in `worse`, from 0, of the changes that break it. */
  readonly breaking: readonly number[];
}

export interface ListLook extends Pick<RenderOptions, 'color' | 'width'> {
  /** Lists whole. */
  readonly all: boolean;
}

/** With what the formats of a report need too. */
export interface DiffLook
  extends ListLook,
    Pick<RenderOptions, 'toolchain' | 'rules' | 'repository' | 'alertLocation' | 'dockerfile'> {
  /** SARIF also has the findings that are gone. GitHub does not read that they are: it would open alerts. */
  readonly absent: boolean;
}

/** For the formats of a report. */
export function reportLook(look: DiffLook): RenderOptions {
  return { ...look, suppressions: false, verbose: false, packages: false, groupBy: null };
}
