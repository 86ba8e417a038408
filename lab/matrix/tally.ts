import type { Outcome } from '../../src/base/verdict.ts';
import { layOut } from '../table.ts';

/** One verdict with its label. */
export interface Judged {
  readonly name: string;
  readonly machine: string;
  readonly rule: string;
  readonly expected: Outcome;
  readonly outcome: Outcome | 'not a rule';
  readonly message: string;
}

interface Tally {
  readonly right: number;
  readonly wrong: number;
  /** `unknown` where the flags give an answer: honest, but of no use. */
  readonly undecided: number;
}

/** Of all verdicts of a rule. */
const allowedUndecided = 0.3;
/** Each file of its labels is so small that most show nothing. */
const mayBeUndecided: ReadonlySet<string> = new Set(['cxx-assertions']);
const shownMistakes = 12;

/** A table of rule by machine: right/wrong/undecided. */
export function describe(judged: readonly Judged[]): string {
  const machines = distinct(judged.map(({ machine }) => machine));
  const head = ['right/wrong/undecided', ...machines, 'all'];
  const rows = distinct(judged.map(({ rule }) => rule)).map((rule) => {
    const ofRule = judged.filter((one) => one.rule === rule);
    const byMachine = machines.map((machine) =>
      cell(ofRule.filter((one) => one.machine === machine)),
    );
    return [rule, ...byMachine, cell(ofRule)];
  });
  return `${layOut([head, ...rows])}${distinct(judged.map(({ name }) => name)).length} files\n`;
}

/**
 * A line for everything that the matrix does not allow, of each rule the first mistakes; empty when all is well.
 * `decided`: `unknown` is a mistake as well.
 */
export function shortcomings(judged: readonly Judged[], decided = false): string[] {
  const mistakes = distinct(judged.map(({ rule }) => rule)).flatMap((rule) => {
    const wrong = judged.filter(
      (one) => one.rule === rule && (isWrong(one) || (decided && isUndecided(one))),
    );
    const more = wrong.length - shownMistakes;
    const lines = wrong.slice(0, shownMistakes).map(describeMistake);
    return more > 0 ? [...lines, `and ${more} more wrong verdicts of ${rule}`] : lines;
  });
  return [...mistakes, ...tooUndecided(judged)];
}

function describeMistake({ name, rule, expected, outcome, message }: Judged): string {
  return `wrong: ${name}: ${rule} is ${outcome}, built for ${expected}: ${message}`;
}

function tooUndecided(judged: readonly Judged[]): string[] {
  const shares = distinct(judged.map(({ rule }) => rule)).flatMap((rule) => {
    const ofRule = judged.filter((one) => one.rule === rule);
    const share = ofRule.filter(isUndecided).length / ofRule.length;
    return share > allowedUndecided && !mayBeUndecided.has(rule)
      ? [`${rule}: ${Math.round(share * 100)} % undecided, allowed are 30 %`]
      : [];
  });
  const certain = judged.filter(
    (one) => one.rule === 'stack-protector' && one.machine === 'x86_64' && isUndecided(one),
  );
  return [
    ...shares,
    ...certain.map(({ name, message }) => `undecided: ${name}: stack-protector: ${message}`),
  ];
}

function isUndecided({ expected, outcome }: Judged): boolean {
  return outcome === 'unknown' && expected !== 'unknown';
}

function isWrong(one: Judged): boolean {
  return one.outcome !== one.expected && !isUndecided(one);
}

function tally(judged: readonly Judged[]): Tally {
  const wrong = judged.filter(isWrong).length;
  const undecided = judged.filter(isUndecided).length;
  return { right: judged.length - wrong - undecided, wrong, undecided };
}

function cell(judged: readonly Judged[]): string {
  if (judged.length === 0) return '-';
  const { right, wrong, undecided } = tally(judged);
  return `${right}/${wrong}/${undecided}`;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
