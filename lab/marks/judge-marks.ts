import { rules } from '../../rules/index.ts';
import type { Outcome } from '../../src/base/verdict.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { extractFrom } from '../../src/extraction/extract-facts.ts';
import { extractors } from '../../src/facts/index.ts';
import { judge } from '../../src/judge/judge.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { bareFileFacts } from '../../src/root/root-facts.ts';
import type { Mark } from './marks.ts';

const everyFact: ReadonlySet<string> = new Set(Object.keys(extractors));

export interface Judged {
  /** Who takes the file; null where that is not known. */
  readonly takenBy: string | null;
  readonly verdicts: readonly JudgedVerdict[];
}

/** Every rule's verdict of a file that lies nowhere. */
export function judgeFile(file: Buffer): Judged {
  const { facts, linking } = extractFrom(bytesOf(file), everyFact);
  const { acceptance } = facts;
  return {
    takenBy: acceptance.known ? acceptance.value.by : null,
    verdicts: judge(rules, { ...facts, ...bareFileFacts(linking, null, facts.system) }),
  };
}

const rank: Readonly<Record<Outcome, number>> = {
  fail: 0,
  unknown: 1,
  pass: 2,
  'not-applicable': 2,
};

/** Verdicts that the mark made better, as sentences. What damage leaves undecided is not a gain: the gate is then undecided. */
export function betterVerdicts(mark: Mark, before: Judged, after: Judged): readonly string[] {
  return after.verdicts.flatMap(({ rule, outcome, message, undecidedBy }) => {
    const old = before.verdicts.find((verdict) => verdict.rule === rule);
    if (old === undefined || mark.isAbout?.includes(rule) || undecidedBy !== undefined) return [];
    if (rank[outcome] <= rank[old.outcome]) return [];
    if (mark.hidesSections && outcome === 'unknown') return [];
    return [`${rule}: ${old.outcome} became ${outcome} (${message})`];
  });
}
