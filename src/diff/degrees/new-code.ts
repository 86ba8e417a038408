import { amount } from '../../base/amount.ts';
import type { Degree } from '../../base/verdict.ts';
import type { JudgedVerdict } from '../../report/report.ts';

/**
 * What a failure says of code that the old release did not have: it was built as all that was there, so no option was lost. null: the
 * old release showed some of the mitigation, or nobody could read whether it did.
 */
export function newCodeText(was: JudgedVerdict, is: JudgedVerdict): string | null {
  if (is.outcome !== 'fail' || !countsCode.has(is.rule)) return null;
  const { share } = is.degree ?? {};
  if (isAtThreshold(was, is)) return openText(was, is);
  if (was.outcome !== 'not-applicable' && was.outcome !== 'unknown') return null;
  if (was.undecidedBy !== undefined || !isNone(was.degree, was)) return null;
  const have = share === undefined ? '' : `: ${share[0]} of ${amount(share[1], 'function')}`;
  return `new code without it${have}; the old release had none either`;
}

/** Rules that ask code of its own, and do not apply where there is none. */
const countsCode: ReadonlySet<string> = new Set([
  'stack-protector',
  'fortify-source',
  'stack-clash-protection',
  'cxx-assertions',
]);

/** Next to other languages a figure is of all code. Of an unknown verdict without one nobody knows what was there. */
function isNone(degree: Degree | undefined, { outcome }: JudgedVerdict): boolean {
  if (degree === undefined) return outcome === 'not-applicable';
  const { share, level = '0', parts = [] } = degree;
  return share?.[0] === 0 && level === '0' && parts.length === 0;
}

/**
 * Few of the functions had a canary, as with plain `-fstack-protector`, and about as few have one: the share passed the figure at which
 * the rule fails, and nothing was lost.
 */
export function isAtThreshold(
  { rule, outcome, degree: was }: JudgedVerdict,
  is: JudgedVerdict,
): boolean {
  const [before, after] = [was?.share, is.degree?.share];
  if (rule !== 'stack-protector' || outcome !== 'pass' || !before || !after) return false;
  const isMixed = was?.mixed === true || is.degree?.mixed === true;
  return !isMixed && after[0] > 0 && before[0] < mostOfFew * before[1];
}

/** Plain `-fstack-protector` reaches 15 to 40 %. */
const mostOfFew = 0.4;

/** null: no more functions lack it than before. */
function openText(was: JudgedVerdict, is: JudgedVerdict): string | null {
  const [before, after] = [was.degree?.share, is.degree?.share];
  if (!before || !after) return null;
  const [lacked, lack] = [before[1] - before[0], after[1] - after[0]];
  if (lack <= lacked) return null;
  return `new code without it: ${after[0]} of ${amount(after[1], 'function')} have a canary, before ${before[0]} of ${before[1]}`;
}

/** No function lost its canary, and no more lack one: the rule weighs other instructions, and the two figures say that nothing was lost. */
export function isNoneLost(was: JudgedVerdict, is: JudgedVerdict): boolean {
  const [before, after] = [was.degree?.share, is.degree?.share];
  if (is.rule !== 'stack-protector' || was.outcome !== 'pass' || !before || !after) return false;
  if (was.degree?.mixed === true || is.degree?.mixed === true || after[0] === 0) return false;
  return after[0] >= before[0] && after[1] - after[0] <= before[1] - before[0];
}
