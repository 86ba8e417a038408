import { amount, listed } from '../base/amount.ts';
import { severities } from '../base/verdict.ts';
import { byItself, isFinding, isOpen, severityCounts } from '../report/finding.ts';
import type {
  FailedCondition,
  HeldCondition,
  JudgedVerdict,
  TargetReport,
} from '../report/report.ts';
import { gatedVerdicts, insideGate, ownVerdicts } from './gated-verdicts.ts';
import { worseCondition } from './got-worse.ts';
import { heldOfVerdicts } from './held-figures.ts';
import { heldPlatforms } from './other-platforms.ts';
import type { GateConditions } from './policy.ts';
import { scopeOf } from './scope-of.ts';

export interface JudgedConditions {
  /** Every condition that does not hold, in the order in which `hullcheck config` lists them. */
  readonly failed: readonly FailedCondition[];
  /** Conditions that hold, with what was counted, and those of a rule that applied to nothing. */
  readonly held: readonly HeldCondition[];
}

export function judgeConditions(
  targets: readonly TargetReport[],
  conditions: GateConditions,
): JudgedConditions {
  const { counted, covered } = countedFor(targets, conditions);
  const verdicts = insideGate(counted);
  // What both releases have is asked whether it got worse, and nothing else.
  const alone = verdicts.filter(({ stands }) => stands === undefined);
  const totals = noNearer(targets, [
    ...coverageTotals(covered, conditions),
    ...maximumTotals(verdicts, conditions),
  ]);
  const worse = worseCondition(targets, conditions);
  const idle = idleConditions({ counted, covered }, conditions);
  const isIdle = ({ condition }: Pick<Total, 'condition'>) =>
    idle.some((each) => each.condition === condition);
  return {
    failed: [
      ...severityCondition(alone, conditions),
      ...ruleConditions(alone, conditions),
      ...unknownCondition(alone, conditions),
      ...worse.failed,
      ...totals.flatMap(({ holds, condition, because }) =>
        holds ? [] : [{ condition, because, of: 'totals' as const }],
      ),
      ...idle.filter(({ isRequired }) => isRequired).map(missing),
    ],
    held: [
      ...heldOfVerdicts(alone, conditions).filter((each) => !isIdle(each)),
      ...worse.held,
      ...totals.flatMap((total) =>
        total.holds && !isIdle(total)
          ? [{ condition: total.condition, because: total.because }]
          : [],
      ),
      ...idle.filter(({ isRequired }) => !isRequired).map(idling),
      ...heldPlatforms(targets, conditions),
    ],
  };
}

/** Compared with an older release, a condition that does not hold in either and does not come farther from holding is as before. */
function noNearer(targets: readonly TargetReport[], totals: readonly Total[]): readonly Total[] {
  const [against, ...others] = targets.map((target) => target.against);
  if (against === undefined || others.includes(undefined)) return totals;
  return totals.map((total) => {
    const before = against.margins[total.condition];
    const isAsBefore = !total.holds && before !== undefined && total.margin >= before;
    return isAsBefore
      ? { ...total, holds: true, because: `${total.because}: as before, or nearer to it` }
      : total;
  });
}

/** Conditions over many verdicts, with what was counted for each. */
export function totalsOf(
  targets: readonly TargetReport[],
  conditions: GateConditions,
): readonly Total[] {
  const { coverage, maximum } = conditions;
  if (Object.keys(coverage).length + Object.keys(maximum).length === 0) return [];
  const { counted, covered } = countedFor(targets, conditions);
  return [
    ...coverageTotals(covered, conditions),
    ...maximumTotals(insideGate(counted), conditions),
  ];
}

/** Sentences: rules that must apply to something and apply to nothing. */
export function missingIn(
  targets: readonly TargetReport[],
  conditions: GateConditions,
): readonly string[] {
  return idleConditions(countedFor(targets, conditions), conditions)
    .filter(({ isRequired }) => isRequired)
    .map((each) => missing(each).because);
}

/** Verdicts that conditions are of, and those that coverage is of. */
function countedFor(targets: readonly TargetReport[], conditions: GateConditions) {
  const counted = gatedVerdicts(targets, conditions);
  const covered =
    conditions.coverageOf === 'all'
      ? counted
      : targets.flatMap((target) => ownVerdicts(target, conditions));
  return { counted, covered };
}

function severityCondition(
  verdicts: readonly JudgedVerdict[],
  gate: GateConditions,
): readonly FailedCondition[] {
  const { failOn } = gate;
  if (failOn === 'none') return [];
  const found = verdicts.filter((each) => isFinding(each) && severityCounts(gate, each));
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
  const found = failOnUnknown ? verdicts.filter(isOpen).length : 0;
  if (found === 0) return [];
  const because = amount(found, 'unknown verdict');
  return [{ condition: 'fail-on-unknown', because, of: 'verdicts' }];
}

/** A condition over many verdicts, with what was counted. */
export interface Total {
  readonly holds: boolean;
  readonly condition: string;
  readonly because: string;
  /** How far it is from failing: of two releases, the one with less of it is worse. */
  readonly margin: number;
}

/** Of the binaries that a rule applies to, those it is content with: unknown ones are not among these. Waived ones do not count. */
function coverageTotals(
  verdicts: readonly JudgedVerdict[],
  { coverage }: GateConditions,
): readonly Total[] {
  return Object.entries(coverage).map(([rule, least]) => {
    const asked = verdicts.filter(
      (verdict) => verdict.rule === rule && verdict.outcome !== 'not-applicable',
    );
    const judged = asked.filter(({ waived }) => waived === undefined);
    const waived = asked.length - judged.length;
    const passed = judged.filter(({ outcome }) => outcome === 'pass').length;
    return {
      // Nothing to cover is covered.
      holds: passed * 100 >= least * judged.length,
      condition: coverageText(rule, least),
      because: `${rule} covers ${passed} of ${amount(judged.length, 'binary')}${waived > 0 ? `, ${waived} waived` : ''}, expected at least ${least} %`,
      margin: judged.length === 0 ? 100 : (passed * 100) / judged.length,
    };
  });
}

function maximumTotals(
  verdicts: readonly JudgedVerdict[],
  { maximum }: GateConditions,
): readonly Total[] {
  return Object.entries(maximum).map(([name, most]) => {
    const isSeverity = severities.some((severity) => severity === name);
    const found = verdicts
      .map(byItself)
      .filter(
        (verdict) =>
          isFinding(verdict) && (isSeverity ? verdict.severity === name : verdict.rule === name),
      ).length;
    const seen = isSeverity
      ? amount(found, `${name} finding`)
      : `${amount(found, 'finding')} of ${name}`;
    return {
      holds: found <= most,
      condition: maximumText(name, most),
      because: `${seen}, expected at most ${most}`,
      margin: -found,
    };
  });
}

interface IdleCondition {
  readonly condition: string;
  readonly rule: string;
  readonly isRequired: boolean;
}

/** Conditions of a rule that applied to nothing that counts: they hold, and say nothing. */
function idleConditions(
  { counted, covered }: Readonly<Record<'counted' | 'covered', readonly JudgedVerdict[]>>,
  { failOnRules, coverage, maximum, required }: GateConditions,
): readonly IdleCondition[] {
  const [applied, appliedHere] = [rulesIn(counted), rulesIn(covered)];
  const isRequired = (rule: string) =>
    required === true || (required !== false && required.includes(rule));
  const asked = [
    ...failOnRules.map((rule) => ({ rule, condition: `fail-on ${rule}`, in: applied })),
    ...Object.entries(coverage)
      .filter(([, least]) => least > 0)
      .map(([rule, least]) => ({ rule, condition: coverageText(rule, least), in: appliedHere })),
    ...Object.entries(maximum)
      .filter(([name]) => !severities.some((severity) => severity === name))
      .map(([rule, most]) => ({ rule, condition: maximumText(rule, most), in: applied })),
  ];
  const named = new Set(asked.map(({ rule }) => rule));
  const alone = typeof required === 'boolean' ? [] : required.filter((rule) => !named.has(rule));
  return [
    ...asked,
    ...alone.map((rule) => ({ rule, condition: `required ${rule}`, in: applied })),
  ].flatMap(({ rule, condition, in: there }) =>
    there.has(rule) ? [] : [{ condition, rule, isRequired: isRequired(rule) }],
  );
}

function rulesIn(verdicts: readonly JudgedVerdict[]): ReadonlySet<string> {
  return new Set(
    verdicts.filter(({ outcome }) => outcome !== 'not-applicable').map(({ rule }) => rule),
  );
}

function idling({ condition, rule }: IdleCondition): HeldCondition {
  return { condition, because: `${rule} applied to nothing`, state: 'applied to nothing' };
}

function missing({ condition, rule }: IdleCondition): FailedCondition {
  const because = `${rule} applied to nothing, and gate.required expects that it does`;
  return { condition, because, of: 'totals' };
}

/** `applied to nothing: coverage of relro at least 90 %`; null where each condition was asked of something. */
export function idleSentence(held: readonly HeldCondition[]): string | null {
  const idle = held.filter(({ state }) => state !== undefined);
  if (idle.length === 0) return null;
  return `applied to nothing: ${listed(idle.map(({ condition }) => condition))}`;
}

export function coverageText(rule: string, least: number): string {
  return `coverage of ${rule} at least ${least} %`;
}

export function maximumText(name: string, most: number): string {
  return `at most ${most} ${name}`;
}
