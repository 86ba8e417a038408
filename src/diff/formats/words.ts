// supporting: the sentences that formats for people share
import { amount } from '../../amount.ts';
import type {
  BinaryChange,
  Coverage,
  CoverageChange,
  Difference,
  Side,
  VerdictChange,
} from '../difference.ts';

/** Lists are cut here unless all is asked for: a new base image changes thousands of files. */
export const longestList = 20;

/** `app:1.0, app:2.0: 12 binaries, 3 findings`. */
export function sideText({ targets, binaries, findings }: Side): string {
  const names = targets.map(({ name }) => name).join(', ');
  return `${names}: ${amount(binaries, 'binary')}, ${amount(findings, 'finding')}`;
}

export function binaryLists({ added, removed, changed }: Difference) {
  return [
    ['Added', added],
    ['Removed', removed],
    ['Changed', changed],
  ] as const;
}

export function verdictLists({ worse, better }: Difference) {
  return [
    ['Worse', worse],
    ['Better', better],
  ] as const;
}

/** `was pass, is high`. */
export function standings({ before, after }: VerdictChange): readonly [string, string] {
  return [before ?? 'not there', after ?? 'gone'];
}

export function binaryText(change: BinaryChange): string {
  const from = change.from === null ? '' : `, was ${change.from}`;
  return `${change.path}${ownerText(change)}${from}`;
}

/** Who has to act: the package, or the layer of a file that belongs to none. */
export function ownerText({ package: name, layer }: BinaryChange): string {
  return ` (${name ?? layer.slice(0, 'sha256:'.length + 12)})`;
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
