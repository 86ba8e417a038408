import { amount } from '../base/amount.ts';
import { judgedOf } from '../report/all-judged.ts';
import type { JudgedVerdict, Report, SettingInForce, TargetReport } from '../report/report.ts';
import { levelsOf } from './profile.ts';
import { profiles } from './profiles/index.ts';

/**
 * Verdicts whose severity was changed though nothing in the policy of the report changes it so, or was not though a level for all
 * files says another one. Whether the severity before is that of the rule is a question to the rule.
 */
export function wrongLevels(report: Report): readonly string[] {
  const { settings, profile } = report.policy;
  // A report of an older version does not say what was in force.
  if (settings === undefined) return [];
  // Some files or images have levels of their own, which the report does not have whole.
  if (settings.some(({ name }) => name === 'overrides' || name === 'images')) return [];
  const written = writtenLevels(settings);
  return report.targets.flatMap((target) => {
    const levelsFor = levelsIn(target.policy?.profile ?? profile, written);
    if (levelsFor === null) return [];
    const wrong = judgedOf(target)
      .flatMap(({ verdicts }) => verdicts)
      .filter((verdict) => !isPossible(verdict, levelsFor, written));
    return sentencesOf(target, wrong);
  });
}

function sentencesOf({ name }: TargetReport, wrong: readonly JudgedVerdict[]): readonly string[] {
  if (wrong.length === 0) return [];
  const rules = [...new Set(wrong.map(({ rule }) => rule))].toSorted();
  const what = `${amount(wrong.length, 'verdict')} of ${name} (${rules.join(', ')})`;
  return [
    `${what} ${wrong.length === 1 ? 'weighs' : 'weigh'} what no level of the policy makes of it`,
  ];
}

/** By rule, for all files. */
type Written = ReadonlyMap<string, string>;

function writtenLevels(settings: readonly SettingInForce[]): Written {
  const rules = new Map<string, string>();
  for (const { name, value } of settings) {
    const [, rule] = /^rules\.(.+)$/.exec(name) ?? [];
    const [, level] = /^(?:"|\{"level":")([a-z]+)"/.exec(value) ?? [];
    if (rule !== undefined && level !== undefined) rules.set(rule, level);
  }
  return rules;
}

type LevelsFor = (rule: string) => ReadonlySet<string>;

/** Every level that a profile or the configuration may give; null: this version has no such profile. */
function levelsIn(name: string, rules: Written): LevelsFor | null {
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined) return null;
  const byRule = new Map<string, Set<string>>();
  for (const { rule, level } of levelsOf(profile)) {
    const levels = byRule.get(rule) ?? new Set();
    byRule.set(rule, levels.add(level));
  }
  return (rule) => {
    const own = rules.get(rule);
    // It stands above the profile.
    return own === undefined ? (byRule.get(rule) ?? new Set()) : new Set([own]);
  };
}

function isPossible(
  { rule, outcome, severity, unweighed, setAside }: JudgedVerdict,
  levelsFor: LevelsFor,
  rules: Written,
): boolean {
  const isOff = unweighed?.outcome !== undefined || setAside === 'switched-off';
  if (isOff && !levelsFor(rule).has('off')) return false;
  if (unweighed?.severity !== undefined && !levelsFor(rule).has(severity)) return false;
  const own = rules.get(rule);
  if (own === undefined) return true;
  return own === 'off' ? outcome !== 'fail' && outcome !== 'unknown' : severity === own;
}
