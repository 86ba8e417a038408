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
  if (phrase === undefined) {
    const falls = sides.map(({ before, after }) => fallOf(first.rule, before, after)?.text ?? null);
    return falls.includes(null) ? null : exampleText(changes, (_, at) => falls[at] ?? '');
  }
  const isCounted = sides.every(({ before, after }) => hasShare(before) && hasShare(after));
  if (!isCounted) return null;
  const [had, needed] = sumOf(sides.map(({ before }) => before));
  const [have, need] = sumOf(sides.map(({ after }) => after));
  const inAll = sides.length > 1 ? ' in all' : '';
  return `${had} of ${amount(needed, 'function')}${inAll} ${phrase}, now ${have} of ${need}`;
}

/** What is said of all; where the files differ, what is said of the first, with its name. */
export function exampleText(
  changes: readonly VerdictChange[],
  textOf: (change: VerdictChange, at: number) => string,
): string {
  const [first] = changes;
  if (first === undefined) return '';
  const texts = new Set(changes.map(textOf));
  const text = textOf(first, 0);
  return texts.size === 1 ? text : `${text} (${first.path}; others differ)`;
}

/** Of code that is new in files that had none of it; null where they had some, or nothing was counted. */
export function newCodeFigures(changes: readonly VerdictChange[]): string | null {
  if (changes.length < 2) return null;
  const shares = changes.map(
    ({ degree }) => [degree?.before?.share, degree?.after?.share] as const,
  );
  const isNone = shares.every(([before = [0, 0], after]) => before[0] === 0 && after !== undefined);
  if (!isNone) return null;
  const [have, need] = sumOf(changes.flatMap(({ degree }) => degree?.after ?? []));
  return `new code without it in ${amount(changes.length, 'file')}: ${have} of ${amount(need, 'function')} in all; the old release had none either`;
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
