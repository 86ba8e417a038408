// check-realistic FOLDER [NAME ...]: scans each image that build-realistic made, and compares the reports with the answer
// with it: the gate, exactly which files break it and whose they are; a text that fits a screen, with the author's own
// files first; and as many alerts as a person reads. Prints a line for each image and exits 1 when one differs.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { readReport } from '../src/saved-report/read-report.ts';
import { repositoryRoot } from '../test/support/repository.ts';
import type { Answer } from './realistic/answer.ts';
import { type Answers, differences } from './realistic/compare-answer.ts';
import { inTemporaryFolder } from './realistic/contents.ts';

const [given, ...names] = process.argv.slice(2);
if (given === undefined) throw new Error('expected the folder that build-realistic wrote');
const folder = resolve(given);
const program = join(repositoryRoot, 'dist/bundle/cli.js');
const ending = '.answer.json';
const all = readdirSync(folder)
  .filter((name) => name.endsWith(ending))
  .map((name) => name.slice(0, -ending.length));
const chosen = names.length > 0 ? names : all;
let right = 0;
for (const name of chosen) {
  const answer: Answer = JSON.parse(readFileSync(join(folder, `${name}${ending}`), 'utf8'));
  const wrong = differences(answer, scan(name, answer));
  if (wrong.length === 0) right += 1;
  process.stdout.write(`${wrong.length === 0 ? 'right' : 'WRONG'}  ${name}: ${answer.gate}\n`);
  for (const line of wrong) process.stdout.write(`         ${line}\n`);
}
process.stdout.write(`${right} of ${chosen.length} images are answered rightly\n`);
process.exitCode = right === chosen.length && right > 0 ? 0 : 1;

/** What a person gets who runs it in the folder of the images, in three formats of one run. */
function scan(name: string, { options }: Answer): Answers {
  return inTemporaryFolder((work) => {
    const file = (format: string) => join(work, `report.${format}`);
    const outputs = ['text', 'json', 'sarif'].flatMap((each) => ['-o', `${each}=${file(each)}`]);
    const words = [program, name, ...options, '--quiet', '--jobs', '1', ...outputs];
    const { status, stderr } = spawnSync(process.execPath, words, {
      cwd: folder,
      encoding: 'utf8',
    });
    // 0: the gate holds, 1: it is broken.
    if (status !== 0 && status !== 1)
      return { error: `exit code ${status}: ${stderr.trim().split('\n').at(0) ?? ''}` };
    return {
      error: null,
      report: readReport(readFileSync(file('json'), 'utf8')),
      text: readFileSync(file('text'), 'utf8'),
      sarif: JSON.parse(readFileSync(file('sarif'), 'utf8')),
    };
  });
}
