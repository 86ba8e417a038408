import type { JudgedVerdict } from '../report/report.ts';

/**
 * Makes one of equal verdicts: nearly all of thousands of binaries say the same, and would say it in megabytes. What
 * fails is left apart, since waivers and baselines mark it by itself.
 */
export class SharedVerdicts {
  readonly #known = new Map<string, JudgedVerdict>();

  of(verdict: JudgedVerdict): JudgedVerdict {
    if (verdict.outcome === 'fail') return verdict;
    const key = keyOf(verdict);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, verdict);
    return verdict;
  }
}

/** With the lengths of what comes from files, so that no text of one can look like two. */
function keyOf(verdict: JudgedVerdict): string {
  const { rule, outcome, severity, undecidedBy, message, evidence } = verdict;
  let key = `${rule} ${outcome} ${severity} ${undecidedBy} ${message.length} ${message}`;
  for (const { what, saw, offset } of evidence)
    key += ` ${what.length} ${saw.length} ${offset} ${what}${saw}`;
  const { degree, decidedBy } = verdict;
  if (degree !== undefined) key += ` ${JSON.stringify(degree)}`;
  return decidedBy === undefined ? key : `${key} ${JSON.stringify(decidedBy)}`;
}
