import { listed } from '../../base/amount.ts';
import { UsageError } from '../../base/errors.ts';
import { known } from '../../base/fact.ts';
import { groupBy } from '../../base/group-by.ts';
import type { OwnLists } from '../../base/own-lists.ts';
import type { RequiredSystem } from '../../base/required-system.ts';
import type { Placed } from '../../judge/judge-target.ts';
import { type BinaryRule, judgesBinaries, type Rule, type SettingFact } from '../../judge/rule.ts';
import type { BinaryReport, JudgedVerdict, TargetReport } from '../../report/report.ts';
import { isSame } from '../same-json.ts';
import { askThese, hasFacts } from './ask-again.ts';

/** Facts that a policy sets, with their values. */
export interface SettingFacts {
  /** Of a target: its name may decide. undefined: none is named. */
  readonly requiredSystemFor: (target: TargetReport) => RequiredSystem | undefined;
  /** Of a binary: its own path and package decide which lists concern it. null: there are no lists. */
  readonly ownListsOf: ((binary: Placed) => OwnLists | null) | null;
}

interface Asking {
  /** For messages. */
  readonly file: string;
  readonly rules: readonly Rule[];
  readonly settings: SettingFacts;
}

export interface AskedSettings {
  readonly target: TargetReport;
  /** Lists stand elsewhere now and allow the same, and the verdicts name the places where they stood. */
  readonly hasOldPlaces: boolean;
}

/**
 * Asks the rules again whose setting is not that of the report. Others rest on no setting, so their verdicts stay. So do those by lists that only
 * stand elsewhere, where they cannot be asked. Throws UsageError where a fact is missing.
 */
export function askSettingsAgain(
  target: TargetReport,
  { file, rules, settings }: Asking,
  isCompared: boolean,
): AskedSettings {
  const found = settingsFor(target, settings);
  const changed = rules
    .filter(judgesBinaries)
    .filter(({ setting }) => setting !== undefined && isChanged(target, setting.fact, found));
  if (changed.length === 0) return { target, hasOldPlaces: false };
  const isOther = changed.some(({ setting }) =>
    setting?.fact === 'ownLists' ? hasOtherLists(target, found) : true,
  );
  if (!isOther && (isCompared || !hasFacts(target, changed))) return { target, hasOldPlaces: true };
  const ids = changed.map(({ id }) => id);
  if (isCompared)
    throw new UsageError(
      `the policy has other settings for ${listed(ids)} than ${file}, which was compared with the older release: scan it again with --against`,
    );
  const why = 'was judged by other settings of it';
  const asked = askThese(
    withSettings(target, settings),
    { file, rules: changed, lacking: ids, why },
    joined,
  );
  return { target: asked, hasOldPlaces: false };
}

/** The target with what this policy sets, in place of what the report was judged with. */
export function withSettings(target: TargetReport, settings: SettingFacts): TargetReport {
  const found = settingsFor(target, settings);
  const requiredSystem = known(found.requiredSystem);
  const binaries = target.binaries.map((binary) => ({
    ...binary,
    facts: {
      ...binary.facts,
      requiredSystem,
      ownLists: known(settingOf('ownLists', binary, found)),
    },
  }));
  return { ...target, binaries };
}

interface FoundSettings extends Pick<SettingFacts, 'ownListsOf'> {
  readonly requiredSystem: RequiredSystem | null;
}

function settingsFor(
  target: TargetReport,
  { requiredSystemFor, ownListsOf }: SettingFacts,
): FoundSettings {
  return { requiredSystem: requiredSystemFor(target) ?? null, ownListsOf };
}

/** A report that does not have the fact was judged without it. */
function isChanged(
  { binaries }: TargetReport,
  name: NonNullable<BinaryRule['setting']>['fact'],
  settings: FoundSettings,
): boolean {
  return binaries.some((binary) => {
    const { facts } = binary;
    const fact: BinaryReport['facts'][typeof name] | undefined = facts[name];
    return !isSame(fact?.known === true ? fact.value : null, settingOf(name, binary, settings));
  });
}

/** Where lists stand, and in how many entries, does not change what they allow. */
function hasOtherLists({ binaries }: TargetReport, settings: FoundSettings): boolean {
  return binaries.some((binary) => {
    const fact: BinaryReport['facts']['ownLists'] | undefined = binary.facts.ownLists;
    const before = fact?.known === true ? fact.value : null;
    return !isSame(namesIn(before), namesIn(settingOf('ownLists', binary, settings)));
  });
}

function namesIn(lists: OwnLists | null) {
  const { needed, exports, denied = [] } = lists ?? {};
  const byReason = groupBy(denied, ({ reason }) => reason);
  return {
    needed: needed?.names,
    exports: exports?.names,
    denied: [...byReason].map(([reason, all]) => [reason, all.flatMap(({ names }) => names)]),
  };
}

function settingOf<Name extends SettingFact>(
  name: Name,
  binary: Placed,
  { requiredSystem, ownListsOf }: FoundSettings,
): Values[Name] {
  const values: Values = { requiredSystem, ownLists: ownListsOf?.(binary) ?? null };
  return values[name];
}

interface Values {
  readonly requiredSystem: RequiredSystem | null;
  readonly ownLists: OwnLists | null;
}

function joined({ verdicts }: BinaryReport, asked: readonly JudgedVerdict[]) {
  return verdicts.map((verdict) => asked.find(({ rule }) => rule === verdict.rule) ?? verdict);
}
