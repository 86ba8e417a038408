import { amount, listed } from '../base/amount.ts';
import type { GateConditions } from '../policy/policy.ts';
import { judgedOf } from '../report/all-judged.ts';
import type { Report } from '../report/report.ts';

export interface Unasked {
  /** Sentences: nobody knows whether these got worse. */
  readonly uncompared: readonly string[];
  /** Sentences for a reader. */
  readonly notices: readonly string[];
}

export interface RulesOfRun {
  /** IDs of all rules that there are. */
  readonly known: readonly string[];
  /** Those of `--rule`; undefined: what either report was asked. */
  readonly chosen: readonly string[] | undefined;
}

/**
 * A rule that only one of two reports was asked shows no loss, whatever there is. A report of a version that did not have the rule yet
 * asked all that it could: that is said, and the next release can be compared. One that was narrowed is not compared.
 */
export function unaskedOf(
  [old, fresh]: readonly [Report, Report],
  { failOnRules }: Pick<GateConditions, 'failOnRules'>,
  { known, chosen }: RulesOfRun,
): Unasked {
  const [inOld, inNew] = [rulesIn(old), rulesIn(fresh)];
  const either = known.filter((rule) => inOld.has(rule) || inNew.has(rule));
  const wanted = [...new Set([...(chosen ?? either), ...failOnRules])].toSorted();
  const lackingOld = wanted.filter((rule) => !inOld.has(rule));
  const lackingNew = wanted.filter((rule) => !inNew.has(rule));
  const isOlder = askedAllIt(old) && askedAllIt(fresh);
  const open = (rule: string) => !isOlder || failOnRules.includes(rule);
  const sides = [
    ['the old report', lackingOld.filter(open)],
    ['the new report', lackingNew.filter(open)],
  ] as const;
  const uncompared = sides.flatMap(([side, rules]) =>
    rules.length === 0
      ? []
      : [`${listed(rules)} ${rules.length === 1 ? 'was' : 'were'} not asked in ${side}`],
  );
  const yet = [...new Set([...lackingOld, ...lackingNew])].filter((rule) => !open(rule));
  return {
    uncompared,
    notices:
      yet.length === 0
        ? []
        : [
            `the two reports are of versions of hullcheck with different rules: ${amount(yet.length, 'rule')} cannot be compared (${listed(yet, 8)})`,
          ],
  };
}

/** Whether it was asked every rule that its version had. Without the number of these, a list of its rules alone does not show it. */
function askedAllIt({ rules, tool }: Report): boolean {
  return rules === undefined || (tool.rules !== undefined && rules.length >= tool.rules.count);
}

/** A report of a version that did not list its rules has verdicts of those that it was asked. */
function rulesIn({ rules, targets }: Report): ReadonlySet<string> {
  return new Set(
    rules ??
      targets.flatMap((target) =>
        judgedOf(target).flatMap(({ verdicts }) => verdicts.map(({ rule }) => rule)),
      ),
  );
}
