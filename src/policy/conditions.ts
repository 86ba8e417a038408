import { amount } from '../base/amount.ts';
import { type Severity, severities, severitiesFrom } from '../base/verdict.ts';
import { isFinding } from '../report/finding.ts';
import type {
  FailedCondition,
  HeldCondition,
  JudgedVerdict,
  TargetReport,
} from '../report/report.ts';
import { isAskedOf } from './outside-gate.ts';
import type { GateConditions } from './policy.ts';
import { originOf, type Subject, subjectsOf, whoseOf } from './subject.ts';

export interface JudgedConditions {
  /** Every condition that does not hold, in the order in which `hullcheck config` lists them. */
  readonly failed: readonly FailedCondition[];
  /** Conditions over many verdicts that hold, to explain why the gate holds. */
  readonly held: readonly HeldCondition[];
}

export function judgeConditions(
  targets: readonly TargetReport[],
  conditions: GateConditions,
): JudgedConditions {
  const counted = verdictsOf(targets, conditions, () => true);
  const covered =
    conditions.coverageOf === 'all'
      ? counted
      : verdictsOf(targets, conditions, (subject) => originOf(subject) !== 'base');
  const verdicts = counted.filter(({ outsideGate }) => outsideGate === undefined);
  const totals = [...coverageTotals(covered, conditions), ...maximumTotals(verdicts, conditions)];
  return {
    failed: [
      ...severityCondition(verdicts, conditions),
      ...ruleConditions(verdicts, conditions),
      ...unknownCondition(verdicts, conditions),
      ...totals.flatMap(({ holds, condition, because }) =>
        holds ? [] : [{ condition, because, of: 'totals' as const }],
      ),
    ],
    held: totals.flatMap(({ holds, condition, because }) =>
      holds ? [{ condition, because }] : [],
    ),
  };
}

/** Of the files that the gate is of, and what counts of others all the same. */
function verdictsOf(
  targets: readonly TargetReport[],
  { of }: GateConditions,
  counts: (subject: Subject) => boolean,
): readonly JudgedVerdict[] {
  return targets
    .flatMap(subjectsOf)
    .filter(counts)
    .flatMap((subject) => {
      const whose = whoseOf(subject);
      return subject.judged.verdicts.filter(
        (verdict) => isAskedOf(whose, verdict.rule, of) || isCountedAllTheSame(verdict),
      );
    });
}

/** A pass of a file that the gate is not of covers nothing. */
function isCountedAllTheSame({ outcome, outsideGate }: JudgedVerdict): boolean {
  return (outcome === 'fail' || outcome === 'unknown') && outsideGate === undefined;
}

function severityCondition(
  verdicts: readonly JudgedVerdict[],
  { failOn }: GateConditions,
): readonly FailedCondition[] {
  if (failOn === 'none') return [];
  const gated = severitiesFrom(failOn);
  const found = verdicts.filter(
    (verdict) => isFinding(verdict) && gated.includes(verdict.severity),
  );
  if (found.length === 0) return [];
  return [
    {
      condition: `fail-on ${failOn}`,
      because: `${amount(found.length, 'finding')} ${scopeOf(failOn)}`,
      of: 'verdicts',
    },
  ];
}

function ruleConditions(
  verdicts: readonly JudgedVerdict[],
  { failOnRules }: GateConditions,
): readonly FailedCondition[] {
  return failOnRules.flatMap((rule) => {
    const found = verdicts.filter((verdict) => isFinding(verdict) && verdict.rule === rule);
    if (found.length === 0) return [];
    const because = `${amount(found.length, 'finding')} of ${rule}`;
    return [{ condition: `fail-on ${rule}`, because, of: 'verdicts' as const }];
  });
}

function unknownCondition(
  verdicts: readonly JudgedVerdict[],
  { failOnUnknown }: GateConditions,
): readonly FailedCondition[] {
  const found = failOnUnknown ? verdicts.filter(({ outcome }) => outcome === 'unknown').length : 0;
  if (found === 0) return [];
  const because = amount(found, 'unknown verdict');
  return [{ condition: 'fail-on-unknown', because, of: 'verdicts' }];
}

/** A condition over many verdicts, with what was counted. */
interface Total {
  readonly holds: boolean;
  readonly condition: string;
  readonly because: string;
}

/** Of the binaries that a rule applies to, those it is content with: waived and unknown ones are not among these. */
function coverageTotals(
  verdicts: readonly JudgedVerdict[],
  { coverage }: GateConditions,
): readonly Total[] {
  return Object.entries(coverage).map(([rule, least]) => {
    const judged = verdicts.filter(
      (verdict) => verdict.rule === rule && verdict.outcome !== 'not-applicable',
    );
    const passed = judged.filter(({ outcome }) => outcome === 'pass').length;
    return {
      // Nothing to cover is covered.
      holds: passed * 100 >= least * judged.length,
      condition: `coverage of ${rule} at least ${least} %`,
      because: `${rule} covers ${passed} of ${amount(judged.length, 'binary')}, expected at least ${least} %`,
    };
  });
}

function maximumTotals(
  verdicts: readonly JudgedVerdict[],
  { maximum }: GateConditions,
): readonly Total[] {
  return Object.entries(maximum).map(([name, most]) => {
    const isSeverity = severities.some((severity) => severity === name);
    const found = verdicts.filter(
      (verdict) =>
        isFinding(verdict) && (isSeverity ? verdict.severity === name : verdict.rule === name),
    ).length;
    const seen = isSeverity
      ? amount(found, `${name} finding`)
      : `${amount(found, 'finding')} of ${name}`;
    return {
      holds: found <= most,
      condition: `at most ${most} ${name}`,
      because: `${seen}, expected at most ${most}`,
    };
  });
}

/** `of severity high or above`. */
export function scopeOf(failOn: Severity): string {
  return failOn === 'critical' ? 'of severity critical' : `of severity ${failOn} or above`;
}
