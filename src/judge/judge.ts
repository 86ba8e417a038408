import type { Cause, Fact } from '../base/fact.ts';
import { printableName } from '../base/text.ts';
import { type Damage, type Degree, notApplicable, unknown, type Verdict } from '../base/verdict.ts';
import type { Kind } from '../facts/kind.ts';
import type { JudgedVerdict } from '../report/report.ts';
import type { Facts } from '../root/root-facts.ts';
import type { ImageFacts } from '../root/start/image-facts.ts';
import {
  type BinaryRule,
  type FactName,
  judgesBinaries,
  judgesImages,
  needsWith,
  type Rule,
} from './rule.ts';
import { weighSeverity } from './weigh-severity.ts';

/**
 * Runs every rule over one binary. What holds for all rules is settled here, once, in the order acceptance, kind,
 * packing, missing facts; only then is a rule asked. Its severity is weighed by the binary's exposure.
 */
export function judge(rules: readonly Rule[], facts: Facts): JudgedVerdict[] {
  const judging = rules.filter(judgesBinaries);
  const verdicts = new Map(judging.map((rule) => [rule.id, judgeOne(rule, facts)]));
  return judging.map((rule) => {
    const verdict = saidOnce(rule, verdicts);
    const severity = verdict.severity ?? rule.severity;
    // What is undecided may be a failure, and weighs as much as one.
    const mayFail = verdict.outcome === 'fail' || verdict.outcome === 'unknown';
    const weighed = mayFail ? weighSeverity(severity, facts) : severity;
    return { rule: rule.id, ...verdict, severity: weighed };
  });
}

/** One cause is one finding. */
function saidOnce({ id, yieldsTo }: BinaryRule, verdicts: ReadonlyMap<string, Verdict>): Verdict {
  const verdict = verdicts.get(id) ?? notApplicable('it was not judged');
  const other = yieldsTo === undefined ? undefined : verdicts.get(yieldsTo);
  if (verdict.outcome !== 'fail' || other?.outcome !== 'fail') return verdict;
  return notApplicable(`${yieldsTo} fails it for the same cause`, verdict.evidence);
}

/** The rules that judge an image as a whole. */
export function judgeImage(rules: readonly Rule[], facts: ImageFacts): JudgedVerdict[] {
  return rules.filter(judgesImages).map((rule) => {
    const verdict = checkKnown(rule, (need) => facts[need]);
    return { rule: rule.id, ...verdict, severity: verdict.severity ?? rule.severity };
  });
}

function judgeOne(rule: BinaryRule, facts: Facts): Verdict {
  if (rule.setting !== undefined && !isAsked(rule, facts))
    return notApplicable(rule.setting.without);
  const { acceptance, kind, packer } = facts;
  if (acceptance.known && acceptance.value.by === 'nothing') {
    return notApplicable(
      `nothing can run or load this: ${acceptance.value.refusal}`,
      acceptance.value.evidence,
    );
  }
  if (!kind.known)
    return (
      ofAnyKind(rule, facts) ??
      unknown(`the kind of file is not known: ${kind.because}`, [], undecidedBy(kind.cause))
    );
  const exemption = rule.exempt[kind.value.kind];
  if (exemption !== undefined) return exempted(exemption, kind.value, rule);
  if (!rule.judgesPacked && packer.known && packer.value !== null) {
    return unknown(
      `packed by ${packer.value.name}: only the unpacking stub can be seen`,
      packer.value.evidence,
    );
  }
  const asked = { ...rule, needs: needsOf(rule, facts) };
  const verdict = checkKnown(asked, (need) => facts[need]);
  return verdict.outcome === 'unknown' ? withDebugFile(asked, facts, verdict) : verdict;
}

/**
 * What the file leaves undecided may be decided by its symbols and debug information, where these lie in a file of their own.
 * Nothing else may: that file is not loaded, and who supplies it could write what they want. What is damaged stays undecided.
 */
function withDebugFile(rule: BinaryRule, facts: Facts, verdict: Verdict): Verdict {
  const { debugFile } = facts;
  if (debugFile?.known !== true || debugFile.value.state !== 'used') return verdict;
  if (verdict.undecidedBy === 'damage') return verdict;
  const { name, facts: shown } = debugFile.value;
  const all: Facts = { ...facts, ...shown };
  if (!rule.needs.some((need) => all[need] !== facts[need])) return verdict;
  const decided = checkKnown(rule, (need) => all[need]);
  if (decided.outcome === 'unknown') return verdict;
  const debug = printableName(name);
  return {
    ...decided,
    evidence: [...decided.evidence, { what: 'separate debug file', saw: debug }],
    decidedBy: { debugFile: debug, otherwise: verdict.message },
  };
}

/** Where the kind is in doubt, it exempts only from what does not judge programs either. */
function exempted(exemption: string, { doubt, evidence }: Kind, { exempt }: BinaryRule): Verdict {
  const isForPrograms =
    exempt['static-executable'] === undefined || exempt['static-pie'] === undefined;
  return doubt === undefined || !isForPrograms
    ? notApplicable(exemption, evidence)
    : unknown(doubt, evidence);
}

/** Whether the policy sets what the rule asks. Reports of older versions lack such facts. */
export function isAsked({ setting }: BinaryRule, facts: Partial<Facts>): boolean {
  if (setting === undefined) return true;
  const fact = facts[setting.fact];
  return fact?.known === true && fact.value !== null;
}

/** Those of a rule, as far as what the policy sets for the file makes it need them. */
export function needsOf(rule: BinaryRule, facts: Partial<Facts>): readonly FactName[] {
  const fact = rule.setting === undefined ? undefined : facts[rule.setting.fact];
  return fact?.known === true && fact.value !== null ? needsWith(rule, fact.value) : rule.needs;
}

function ofAnyKind(rule: BinaryRule, facts: Facts): Verdict | null {
  const { acceptance, placement, judgedAsStart } = facts;
  if (!acceptance.known || !placement.known || !judgedAsStart.known) return null;
  const known = {
    acceptance: acceptance.value,
    placement: placement.value,
    judgedAsStart: judgedAsStart.value,
  };
  return rule.checkAnyKind?.(known) ?? null;
}

/** Asks the rule, unless something is not known that it needs. */
function checkKnown<Name extends string>(
  rule: {
    readonly needs: readonly Name[];
    check(facts: never): Verdict;
    degree?(facts: never): Degree | null;
  },
  factOf: (need: Name) => Fact<unknown>,
): Verdict {
  const values: Record<string, unknown> = {};
  for (const need of rule.needs) {
    const fact = factOf(need);
    if (!fact.known) return unknown(fact.because, [], undecidedBy(fact.cause));
    values[need] = fact.value;
  }
  // The one place where types built by name meet the rule's own narrower ones.
  const verdict = rule.check(values as never);
  const degree = rule.degree?.(values as never) ?? null;
  return degree === null ? verdict : { ...verdict, degree };
}

function undecidedBy(cause: Cause): { readonly undecidedBy?: Damage } {
  return cause === 'damage' || cause === 'limit' ? { undecidedBy: cause } : {};
}
