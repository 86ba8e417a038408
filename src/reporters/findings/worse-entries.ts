import { oncePer } from '../../base/once-per.ts';
import { compareSeverity, type Severity, worstSeverity } from '../../base/verdict.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { breaksGate } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { JudgedVerdict, Report, WorseCause } from '../../report/report.ts';
import { ownershipOf, type Whose } from '../groups/ownership-of.ts';
import type { Finding } from './findings-of.ts';

/** Verdicts of one rule and one reason, which one change of the build brings back. */
export interface WorseEntry extends WorseCause {
  /** `lost`: the older release had it. `new`: it has no such file, or no such code. */
  readonly how: 'lost' | 'new';
  readonly findings: readonly [Finding, ...Finding[]];
  /** How many of them break the gate. */
  readonly breaking: number;
  readonly whose: Whose;
  /** The worst of them. */
  readonly severity: Severity;
}

/**
 * Of a report that was compared with an older release: what got worse, and what else breaks its gate. What the policy accepts is not
 * in it. What breaks comes first, and of that the most severe.
 */
export function worseEntries(report: Report): readonly WorseEntry[] {
  return entriesOf(report);
}

/** Which of them a verdict of this report is in; null: none. */
export function worseEntryOf(report: Report, verdict: JudgedVerdict): WorseEntry | null {
  return byVerdict(report).get(verdict) ?? null;
}

const byVerdict = oncePer(
  (report: Report) =>
    new Map(
      entriesOf(report).flatMap((entry) =>
        entry.findings.map((finding) => [finding.verdict, entry] as const),
      ),
    ),
);

const entriesOf = oncePer((report: Report): readonly WorseEntry[] => {
  const { targets, against } = report;
  if (against === undefined) return [];
  const groups = new Map<string, Group>();
  for (const target of targets) {
    const gate = gateOfTarget(target, report);
    for (const judged of judgedOf(target))
      for (const verdict of judged.verdicts) {
        const breaks = breaksGate(gate, verdict);
        if (isAccepted(verdict) || !(isWorse(verdict) || breaks)) continue;
        const finding = { target, judged, verdict };
        const cause = causeOf(verdict, against.causes ?? []);
        const { whose } = ownershipOf(judged);
        const key = JSON.stringify([verdict.rule, cause?.at ?? reasonOf(verdict), whose]);
        const group = groups.get(key);
        if (group !== undefined) {
          group.findings.push(finding);
          group.breaking += Number(breaks);
        } else
          groups.set(key, {
            ...{ cause: cause?.cause ?? null, whose, breaking: Number(breaks) },
            findings: [finding],
          });
      }
  }
  return [...groups.values()]
    .map(entryOf)
    .toSorted((a, b) => Number(b.breaking > 0) - Number(a.breaking > 0) || compareSeverity(a, b));
});

interface Group {
  readonly cause: WorseCause | null;
  readonly whose: Whose;
  readonly findings: [Finding, ...Finding[]];
  breaking: number;
}

function entryOf({ cause, findings, ...group }: Group): WorseEntry {
  const [{ verdict }] = findings;
  return {
    ...group,
    ...(cause ?? { rule: verdict.rule, flag: null, remedy: null, sentence: reasonOf(verdict) }),
    how: findings.some((each) => isLost(each.verdict)) ? 'lost' : 'new',
    findings,
    severity: worstSeverity(findings.map((each) => each.verdict)),
  };
}

/** One that a report does not have, or that is of another rule, is none: anyone can write a number. */
function causeOf({ worseBy, rule }: JudgedVerdict, causes: readonly WorseCause[]) {
  const cause = worseBy === undefined ? undefined : causes[worseBy];
  return cause?.rule === rule ? { at: worseBy, cause } : null;
}

/** Where no cause is known: `was pass, is high: is linked to a fixed address`. */
function reasonOf({ stands, outcome, severity, message }: JudgedVerdict): string {
  const is = outcome === 'fail' ? severity : outcome;
  return `${stands?.was === undefined ? '' : `was ${stands.was}, `}is ${is}: ${message}`;
}

function isWorse({ stands, worseBy }: JudgedVerdict): boolean {
  return worseBy !== undefined || stands?.is === 'worse';
}

function isLost({ stands }: JudgedVerdict): boolean {
  return stands?.is === 'worse' && stands.newCode !== true;
}

function isAccepted({ waived, baselined, setAside, stands }: JudgedVerdict): boolean {
  // What was yours is asked as yours.
  const isNotRequired = setAside === 'not-required' && stands?.wasOf !== 'yours';
  const isOff = setAside === 'switched-off' || isNotRequired;
  return waived !== undefined || baselined !== undefined || isOff || stands?.is === 'as before';
}
