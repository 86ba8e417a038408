import { listed } from '../../base/amount.ts';
import { UsageError } from '../../base/errors.ts';
import { known } from '../../base/fact.ts';
import type { RequiredSystem } from '../../base/required-system.ts';
import { type BinaryRule, judgesBinaries, type Rule } from '../../judge/rule.ts';
import type { BinaryReport, JudgedVerdict, TargetReport } from '../../report/report.ts';
import { isSame } from '../same-json.ts';
import { askThese } from './ask-again.ts';

/** Facts that a policy sets, with their values. */
export interface SettingFacts {
  readonly requiredSystem: RequiredSystem | null;
}

interface Asking {
  /** For messages. */
  readonly file: string;
  readonly rules: readonly Rule[];
  readonly settings: SettingFacts;
}

/**
 * Asks the rules again whose setting is not that of the report. Others rest on no setting, so their verdicts stay. Throws UsageError
 * where a fact is missing.
 */
export function askSettingsAgain(
  target: TargetReport,
  { file, rules, settings }: Asking,
  isCompared: boolean,
): TargetReport {
  const changed = rules
    .filter(judgesBinaries)
    .filter(({ setting }) => setting !== undefined && isChanged(target, setting.fact, settings));
  if (changed.length === 0) return target;
  const ids = changed.map(({ id }) => id);
  if (isCompared)
    throw new UsageError(
      `the policy has other settings for ${listed(ids)} than ${file}, which was compared with the older release: scan it again with --against`,
    );
  return askThese(withSettings(target, settings), { file, rules: changed, lacking: ids }, joined);
}

/** The target with what this policy sets, in place of what the report was judged with. */
export function withSettings(target: TargetReport, { requiredSystem }: SettingFacts): TargetReport {
  const fact = known(requiredSystem);
  const binaries = target.binaries.map((binary) => ({
    ...binary,
    facts: { ...binary.facts, requiredSystem: fact },
  }));
  return { ...target, binaries };
}

/** A report that does not have the fact was judged without it. */
function isChanged(
  { binaries }: TargetReport,
  name: NonNullable<BinaryRule['setting']>['fact'],
  settings: SettingFacts,
): boolean {
  return binaries.some(({ facts }) => {
    const fact: BinaryReport['facts'][typeof name] | undefined = facts[name];
    return !isSame(fact?.known === true ? fact.value : null, settings[name]);
  });
}

function joined({ verdicts }: BinaryReport, asked: readonly JudgedVerdict[]) {
  return verdicts.map((verdict) => asked.find(({ rule }) => rule === verdict.rule) ?? verdict);
}
