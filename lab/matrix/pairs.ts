// Programs that differ in one protection, by their names: none of the verdicts may be worse for having it.
import type { Outcome } from '../../src/base/verdict.ts';

export type OutcomesByRule = ReadonlyMap<string, Outcome>;

/** A part of a name that stands for less protection, and what stands in its place where there is more. */
const steps: readonly (readonly [less: string, more: string])[] = [
  ['-ssp-none', '-ssp-plain'],
  ['-ssp-plain', '-ssp-strong'],
  ['-ssp-none', '-ssp-strong'],
  ['-ssp-strong', '-ssp-all'],
  ['-nobuffers-nossp', '-nobuffers'],
  ['-onebuffer-none', '-onebuffer-strong'],
  ['-relro-none', '-relro-partial'],
  ['-relro-none', '-relro-nowonly'],
  ['-relro-partial', '-relro-full'],
  ['-relro-nowonly', '-relro-full'],
  ['-norelro', '-partialrelro'],
  ['-fortify-none', '-fortify-1'],
  ['-fortify-none', '-fortify-3'],
  ['-fortify-1', '-fortify-2'],
  ['-fortify-2', '-fortify-3'],
  ['-noclash', '-clash'],
  ['-clash-none', '-clash-probed'],
  ['-branches-unnoted', '-branches-noted'],
  ['-branches-forced', '-branches-own'],
  ['-cet-none', '-cet-forced'],
  ['-execstack', '-relro-full'],
  ['-nopie-', '-pie-'],
  ['-static-', '-staticpie-'],
  ['-static-none-', '-static-strong-'],
  ['-staticpie-none-', '-staticpie-strong-'],
];

const rank: Readonly<Record<Outcome, number>> = {
  fail: 0,
  unknown: 1,
  pass: 2,
  'not-applicable': 2,
};

/** Without section headers the stubs of the linker for BTI count as code that no unwind information describes. */
const undecidedByStubs = {
  name: 'aarch64-musl-gcc-pie-branches-unnoted.nosections',
  rule: 'stack-protector',
};

export interface Comparison {
  readonly pairs: number;
  /** Verdicts that are undecided with less protection, and a failure with more: an answer in place of none. */
  readonly answered: number;
  /** A sentence for each verdict that is worse for more protection. */
  readonly worse: readonly string[];
}

export function comparePairs(files: ReadonlyMap<string, OutcomesByRule>): Comparison {
  let pairs = 0;
  let answered = 0;
  const worse: string[] = [];
  for (const [name, less] of files) {
    for (const [from, to] of steps) {
      const more = name.includes(from) ? files.get(name.replace(from, to)) : undefined;
      if (more === undefined) continue;
      pairs += 1;
      for (const [rule, outcome] of less) {
        const other = more.get(rule);
        if (other === undefined || rank[other] >= rank[outcome]) continue;
        if (outcome === 'unknown') {
          answered += 1;
          continue;
        }
        if (name === undecidedByStubs.name && rule === undecidedByStubs.rule) continue;
        worse.push(`${name}: ${rule} is ${outcome}, and ${other} with ${to.slice(1)}`);
      }
    }
  }
  return { pairs, answered, worse };
}
