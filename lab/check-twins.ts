// check-twins FOLDER: compares what hullcheck says of each stripped program that build-twins.sh made with how it was
// built, and the functions that it finds protected with what objdump shows of the unstripped twin.
// Prints a table and exits 1 when presence or functions are wrong anywhere, or the level in more than one of twenty.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { rules } from '../rules/index.ts';
import { notKnown } from '../src/base/fact.ts';
import { readElf } from '../src/elf/read-elf.ts';
import { bytesOf } from '../src/elf/reading/bytes.ts';
import { extractFacts } from '../src/extraction/extract-facts.ts';
import { judge } from '../src/judge/judge.ts';
import { type FactName, judgesBinaries } from '../src/judge/rule.ts';
import { bareFileFacts } from '../src/root/root-facts.ts';
import { foundFunctions } from './twins/found-functions.ts';
import { disassemble } from './twins/guarded-functions.ts';
import { type Compared, describe, shortcomings, wrongLevels } from './twins/tally.ts';
import { readTwins, type Twins } from './twins/twins.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('expected the folder that build-twins.sh wrote');

const bareFile = bareFileFacts(notKnown('the rule does not need it'));
const stackProtector = rules.filter(({ id }) => id === 'stack-protector');
const wanted = new Set(
  rules.filter(judgesBinaries).flatMap((rule): readonly FactName[] => rule.needs),
);
const twins = readTwins(readFileSync(join(folder, 'twins.tsv'), 'utf8'));
const compared = twins.map((each) => compare(folder, each));
process.stdout.write(describe(compared));
for (const line of wrongLevels(compared)) process.stdout.write(`${line}\n`);
const problems = shortcomings(compared);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function compare(folder: string, twins: Twins): Compared {
  const { functions, names, guarded } = disassemble(join(folder, twins.name), twins.machine);
  const stripped = readFileSync(join(folder, `${twins.name}.stripped`));
  const found = foundFunctions(readElf(bytesOf(stripped)), functions);
  const namesOf = (addresses: Iterable<bigint>, others: ReadonlySet<bigint>) =>
    [...addresses]
      .filter((address) => !others.has(address))
      .map((address) => names.get(address) ?? `0x${address.toString(16)}`);
  return {
    twins,
    ...verdictOn(stripped),
    guarded: guarded.size,
    found: found.size,
    missed: namesOf(guarded, found),
    invented: namesOf(found, guarded),
  };
}

function verdictOn(program: Buffer): Pick<Compared, 'outcome' | 'level'> {
  const facts = { ...extractFacts(program, wanted), ...bareFile };
  const [verdict] = judge(stackProtector, facts);
  const { stackProtector: fact } = facts;
  return {
    outcome: verdict?.outcome ?? 'not a rule',
    level: fact.known ? fact.value.level : null,
  };
}
