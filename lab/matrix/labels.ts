import { type Outcome, outcomes } from '../../src/base/verdict.ts';

/** A file of the matrix and what its flags say of it, by rule id. */
export interface Labelled {
  readonly name: string;
  readonly machine: string;
  readonly labels: ReadonlyMap<string, Outcome>;
}

/** Reads labels.tsv: name, machine, then `RULE=OUTCOME`; the last of a rule counts, and an empty one takes it back. */
export function readLabels(text: string): Labelled[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', machine = '', ...pairs] = line.split('\t');
      const labels = new Map(pairs.map((pair) => readPair(pair)));
      return { name, machine, labels: new Map([...labels].flatMap(decided)) };
    });
}

function readPair(pair: string): [string, string] {
  const [rule = '', outcome = ''] = pair.split('=');
  return [rule, outcome];
}

function decided([rule, text]: [string, string]): [string, Outcome][] {
  if (text === '') return [];
  const outcome = outcomes.find((one) => one === text);
  if (outcome === undefined)
    throw new Error(`label ${rule}=${text}, expected one of ${outcomes.join(', ')}`);
  return [[rule, outcome]];
}
