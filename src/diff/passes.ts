import type { Severity } from '../base/verdict.ts';
import { type Subject, whoseOf } from '../policy/subject.ts';
import { bare } from '../policy/unweighed.ts';
import { breaksAsWorse, standingOf, type WorseConditions } from '../policy/worse.ts';
import type { JudgedVerdict } from '../report/report.ts';
import { isLinked, kindOf } from './kind-of.ts';
import { turnOf } from './turn-of.ts';
import { contextOf, severityOf } from './verdict-changes.ts';

/** What old files passed that a new one may be: of each rule the strongest pass, so that thousands of files cost no more than one. */
export interface Passes {
  readonly byRule: ReadonlyMap<string, Pass>;
  add(old: Subject): void;
}

interface Pass {
  readonly old: Subject;
  readonly verdict: JudgedVerdict;
}

export function createPasses(...olds: readonly Subject[]): Passes {
  const byRule = new Map<string, Pass>();
  const add = (old: Subject) => {
    for (const each of old.judged.verdicts) {
      const verdict = bare(each);
      if (verdict.outcome !== 'pass') continue;
      const known = byRule.get(verdict.rule);
      if (known === undefined || strengthOf(verdict) > strengthOf(known.verdict))
        byRule.set(verdict.rule, { old, verdict });
    }
  };
  for (const old of olds) add(old);
  return { byRule, add };
}

function strengthOf({ degree }: JudgedVerdict): number {
  const [have, need] = degree?.share ?? [0, 0];
  return need === 0 ? 0 : have / need;
}

export interface Loss {
  readonly rule: string;
  readonly severity: Severity;
  /** Of the old file. */
  readonly path: string;
}

/** What would break the gate if the new file were the old one. What the policy accepts of it does not. */
export function lossesTo(
  { byRule }: Passes,
  fresh: Subject,
  conditions: WorseConditions,
): readonly Loss[] {
  return fresh.judged.verdicts.flatMap((verdict): readonly Loss[] => {
    const pass = byRule.get(verdict.rule);
    const isAccepted = verdict.waived !== undefined || verdict.baselined !== undefined;
    if (pass === undefined || isAccepted || verdict.off !== undefined) return [];
    const { rule, severity } = verdict;
    return isLoss(pass, verdict, fresh, conditions)
      ? [{ rule, severity, path: pass.old.judged.path }]
      : [];
  });
}

function isLoss(
  { old, verdict: was }: Pass,
  is: JudgedVerdict,
  fresh: Subject,
  conditions: WorseConditions,
): boolean {
  // It may be another program: what it does not call says nothing of the old one.
  const context = { ...contextOf({ old, new: fresh }), calls: {}, isOfAnyLibc: false };
  const { turn, fall } = turnOf(was, bare(is), context);
  const isUnasked = is.outcome === 'not-applicable' && isOutOfReach(old, fresh);
  if (turn !== 'worse' && !isUnasked) return false;
  return breaksAsWorse(conditions, {
    rule: is.rule,
    before: standingOf(was),
    after: standingOf(is),
    severity: severityOf(is, fall !== null),
    whose: whoseOf(fresh),
    wasOf: whoseOf(old),
  });
}

/** A linked file, and one that is not: most rules are not asked of it. */
export function isOutOfReach(old: Subject, fresh: Subject): boolean {
  return isLinked(old) && !isLinked(fresh) && kindOf(fresh) !== '';
}
