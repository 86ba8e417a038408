import { amount } from '../../base/amount.ts';
import type { Degree } from '../../base/verdict.ts';
import { fallOf } from '../degrees/fall-of.ts';
import type { VerdictChange } from '../difference.ts';

/** What was there and what is, over all files of one cause; null where nothing was counted. */
export function figuresText(changes: readonly VerdictChange[]): string | null {
  const [first] = changes;
  const sides = changes.flatMap(({ degree }) =>
    degree?.before && degree.after ? [{ before: degree.before, after: degree.after }] : [],
  );
  const [one] = sides;
  if (first === undefined || one === undefined || sides.length < changes.length) return null;
  const phrase = phrases[first.rule];
  if (phrase === undefined) return fallOf(first.rule, one.before, one.after)?.text ?? null;
  const isCounted = sides.every(({ before, after }) => hasShare(before) && hasShare(after));
  if (!isCounted) return null;
  const [had, needed] = sumOf(sides.map(({ before }) => before));
  const [have, need] = sumOf(sides.map(({ after }) => after));
  return `${had} of ${amount(needed, 'function')} ${phrase}, now ${have} of ${need}`;
}

/** Rules whose figures can be added up. */
const phrases: Readonly<Record<string, string | undefined>> = {
  'stack-protector': 'had a canary',
  'stack-clash-protection': 'with large frames touched them page by page',
};

function hasShare({ share, mixed }: Degree): boolean {
  return share !== undefined && mixed === undefined && share[1] > 0;
}

function sumOf(degrees: readonly Degree[]): readonly [number, number] {
  return degrees.reduce<readonly [number, number]>(
    ([have, need], { share = [0, 0] }) => [have + share[0], need + share[1]],
    [0, 0],
  );
}
