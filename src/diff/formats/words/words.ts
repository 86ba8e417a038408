import { amount } from '../../../base/amount.ts';
import { owners } from '../../../reporters/groups/groups-of.ts';
import { isAcceptedLoss } from '../../accepted-loss.ts';
import type {
  BinaryChange,
  Coverage,
  CoverageChange,
  Difference,
  Side,
  VerdictChange,
} from '../../difference.ts';
import { groupChanges } from '../../group-changes.ts';
import { articled } from '../../replaced-files.ts';
import type { DiffGate } from '../diff-format.ts';

/** Lists are cut here without --all: a new base image changes thousands of files. */
export const longestList = 20;

/** `app:1.0, app:2.0: 12 binaries, 3 findings`. */
export function sideText({ targets, binaries, findings }: Side): string {
  const names = targets.map(({ name }) => name).join(', ');
  return `${names}: ${amount(binaries, 'binary')}, ${amount(findings, 'finding')}`;
}

/** All lists but what became worse, which is the only one that counts. */
export function otherLists({
  better,
  neutral,
  unseen,
  byPolicy,
  added,
  removed,
  changed,
}: Difference) {
  return [
    ['Better', better],
    ['Neutral', neutral],
    ['Not seen in a stripped file', unseen],
    ['By the policy', byPolicy],
    ['Added', added],
    ['Removed', removed],
    ['Changed', changed],
  ] as const;
}

/** It agrees with the list: what is worse and does not count is not passed over. */
export function answerOf({ worse, byPolicy }: Difference, { state }: DiffGate): string {
  const isNone = worse.length === 0 && !byPolicy.some(isAcceptedLoss);
  const holds = isNone ? 'Nothing worse' : 'Worse, but the gate holds';
  return { holds, broken: 'Worse', undecided: 'Undecided' }[state];
}

export const whoseTitles = {
  yours: 'Yours',
  dependency: 'Dependencies',
  distribution: 'Distribution',
} as const;

/** By their rules, most first: `pie 12, relro 3`; of binaries, how many there are. */
export function countsText(changes: readonly (BinaryChange | VerdictChange)[]): string {
  const counts = new Map<string, number>();
  for (const change of changes)
    if ('rule' in change) counts.set(change.rule, (counts.get(change.rule) ?? 0) + 1);
  if (counts.size === 0) return amount(changes.length, 'file');
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${rule} ${count}`)
    .join(', ');
}

/** Groups whose changes are listed one by one: yours, what counts, and everything with --all. */
export function partsOf<Change extends BinaryChange>(
  changes: readonly Change[],
  counts: (change: Change) => boolean,
  all: boolean,
) {
  const isAlone = all ? () => true : counts;
  return owners.flatMap((whose) => {
    const own = changes.filter((change) => change.whose === whose);
    const groups = groupChanges(own, isAlone);
    return own.length === 0 ? [] : [{ whose, count: own.length, groups }];
  });
}

/** `was pass, is high`. */
export function standings({ before, after }: VerdictChange): readonly [string, string] {
  return [before ?? 'not there', after ?? 'gone'];
}

export function binaryText(change: BinaryChange): string {
  const from = change.from === null ? '' : `, was ${change.from}`;
  const gone = change.findings === undefined ? '' : `, with ${amount(change.findings, 'finding')}`;
  const is = change.replacedBy === undefined ? '' : `, replaced by ${articled(change.replacedBy)}`;
  return `${change.path}${ownerText(change)}${from}${gone}${is}`;
}

/** Who has to act: the package, or the layer of a file that belongs to none. */
export function ownerText({ package: name, layer }: BinaryChange): string {
  const digits = 'sha256:'.length + 12;
  const short = layer.startsWith('sha256:') ? `layer ${layer.slice(0, digits)}` : layer;
  return ` (${name ?? short})`;
}

/** Parts of both sides that were not read: what they hold is not compared. */
export function unreadTexts({ old, new: fresh }: Difference): readonly string[] {
  return [
    ...old.unread.map((part) => ['old', part] as const),
    ...fresh.unread.map((part) => ['new', part] as const),
  ].map(([side, { where, message }]) => `${side}, ${where}: ${message}`);
}

export function isMoved({ before, after }: CoverageChange): boolean {
  return shareOf(before) !== shareOf(after);
}

export function coverageText({ before, after }: CoverageChange): string {
  return `${shareOf(before)} before, ${shareOf(after)} after`;
}

function shareOf({ passed, judged }: Coverage): string {
  return judged === 0 ? 'none' : `${((passed * 100) / judged).toFixed(1)} %`;
}
