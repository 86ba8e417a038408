import { amount } from '../base/amount.ts';
import type { Report } from '../report/report.ts';
import { keyOfWaived } from '../report/waivers-met.ts';
import { entriesInUse, keyOfEntry } from './baseline/entries-in-use.ts';
import { isSame } from './same-json.ts';
import { waiversInUse } from './waivers/waivers-in-use.ts';

/** Verdicts that are waived as the policy of the report does not waive them. */
export function wrongWaivers({ targets, policy, date }: Report): readonly string[] {
  const met = waiversInUse(targets);
  const ended = met.filter(({ expires }) => date !== undefined && (expires ?? date) < date);
  const late = ended.map(
    ({ rules, reason, expires }) =>
      `${rules.join(', ')} is waived (${reason}), but that ended on ${expires}, before the day of the report`,
  );
  if (policy.waivers === undefined) return late;
  const known = new Map(policy.waivers.map((waiver) => [keyOfWaived(waiver), waiver]));
  const wrong = met.flatMap(({ rules, verdicts, ...waived }) => {
    const waiver = known.get(keyOfWaived(waived));
    const what = `${amount(verdicts, 'verdict')} of ${rules.join(', ')}`;
    if (waiver === undefined)
      return [
        `${what} ${verdicts === 1 ? 'is' : 'are'} waived (${waived.reason}), but the policy has no such waiver`,
      ];
    return waiver.verdicts === verdicts && isSame(waiver.rules, rules)
      ? []
      : [
          `${what} are waived (${waived.reason}), but the policy says ${waiver.verdicts} of ${waiver.rules.join(', ')}`,
        ];
  });
  const names = new Set(policy.files.map(({ name }) => name));
  const strange = met
    .flatMap(({ origin }) => (origin === undefined ? [] : [origin.replace(/:\d+$/, '')]))
    .filter((name) => !names.has(name));
  return [
    ...late,
    ...wrong,
    ...new Set(
      strange.map((name) => `a waiver is of ${name}, which is not among the policy's files`),
    ),
  ];
}

/** Verdicts that the baseline is said to know as the policy of the report does not have it. */
export function wrongBaseline({ targets, policy, date }: Report): readonly string[] {
  const met = entriesInUse(targets);
  const late = met.flatMap(({ rules, expires }) =>
    date !== undefined && expires !== undefined && expires < date
      ? [
          `${rules.join(', ')} is in the baseline, but that ended on ${expires}, before the day of the report`,
        ]
      : [],
  );
  if (policy.baseline === undefined) return late;
  const known = new Map(policy.baseline.map((each) => [keyOfEntry(each), each]));
  const wrong = met.flatMap((each) => {
    const { rules, verdicts } = each;
    const said = known.get(keyOfEntry(each));
    const what = `${amount(verdicts, 'verdict')} of ${rules.join(', ')} ${verdicts === 1 ? 'is' : 'are'} in the baseline`;
    if (said === undefined) return [`${what}, but the policy has no such entry`];
    return said.verdicts === verdicts && isSame(said.rules, rules)
      ? []
      : [`${what}, but the policy says ${said.verdicts} of ${said.rules.join(', ')}`];
  });
  const isOfFile = policy.files.some(({ role }) => role === 'baseline');
  const strange =
    met.length === 0 || isOfFile
      ? []
      : ["verdicts are in a baseline, which is not among the policy's files"];
  return [...late, ...wrong, ...strange];
}
