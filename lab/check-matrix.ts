// check-matrix FOLDER [--decided]: judges every file that build-matrix.sh or build-linkers.sh made, by the rules that have a label,
// and compares with what its flags say. Prints a table and exits 1 on a wrong verdict, or when more is undecided than allowed:
// with --decided nothing may be.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { rules } from '../rules/index.ts';
import { bytesOf } from '../src/elf/reading/bytes.ts';
import { extractFrom } from '../src/extraction/extract-facts.ts';
import { judge } from '../src/judge/judge.ts';
import { type FactName, judgesBinaries } from '../src/judge/rule.ts';
import { bareFileFacts } from '../src/root/root-facts.ts';
import { type Labelled, readLabels } from './matrix/labels.ts';
import { comparePairs, type OutcomesByRule } from './matrix/pairs.ts';
import { describe, type Judged, shortcomings } from './matrix/tally.ts';

const [folder, option] = process.argv.slice(2);
if (folder === undefined) throw new Error('expected the folder that build-matrix.sh wrote');

const outcomes = new Map<string, OutcomesByRule>();
const files = readLabels(readFileSync(join(folder, 'labels.tsv'), 'utf8'));
const labelled = new Set(files.flatMap(({ labels }) => [...labels.keys()]));
const asked = rules.filter(({ id }) => labelled.has(id));
// What the judge settles before it asks a rule.
const settled: readonly FactName[] = ['acceptance', 'kind', 'packer'];
const wanted = new Set([
  ...settled,
  ...asked.filter(judgesBinaries).flatMap((rule): readonly FactName[] => rule.needs),
]);
const judged = files.flatMap((file) => judgeFile(folder, file));
process.stdout.write(describe(judged));
const { pairs, answered, worse } = comparePairs(outcomes);
process.stdout.write(
  `${pairs} pairs that differ in one protection: ${worse.length} verdicts worse for it, ${answered} no longer undecided\n`,
);
const problems = [...shortcomings(judged, option === '--decided'), ...worse];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function judgeFile(folder: string, { name, machine, labels }: Labelled): Judged[] {
  const { facts, linking } = extractFrom(bytesOf(readFileSync(join(folder, name))), wanted);
  const bareFile = bareFileFacts(linking);
  const verdicts = new Map(judge(asked, { ...facts, ...bareFile }).map((one) => [one.rule, one]));
  outcomes.set(name, new Map([...verdicts].map(([rule, { outcome }]) => [rule, outcome])));
  return [...labels].map(([rule, expected]) => {
    const { outcome, message } = verdicts.get(rule) ?? { outcome: 'not a rule', message: '' };
    return { name, machine, rule, expected, outcome, message };
  });
}
