import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../test/support/repository.ts';
import { caseOf } from './subjects.ts';
import { type Found, watchedWorker } from './watched-worker.ts';

/*
 * npm run fuzz -- [--runs COUNT] [--seed FIRST] [--jobs COUNT] [--only SUBJECT] [--forever]
 *
 * Each run is named by its seed: `--seed N --runs 1` repeats it. What breaks a promise is printed, and its input is
 * kept in .cache/fuzz/, to be made a regression case in test/fuzz/inputs/.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string' },
    forever: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const last = values.forever ? 2 ** 31 - 1 : first + Number(values.runs);
const only = values.only ?? null;
const mostFound = 50;

const found: Found[] = [];
const next = new Int32Array(new SharedArrayBuffer(4));
next[0] = first;
const started = Date.now();
const progress = setInterval(tell, 30_000);
const begun = await Promise.all(Array.from({ length: Number(values.jobs) }, runThread));
clearInterval(progress);
const runs = begun.reduce((sum, count) => sum + count, 0);
console.log(
  `${runs} runs from seed ${first} in ${((Date.now() - started) / 1000).toFixed(0)} s: ${found.length} violations`,
);
process.exitCode = found.length === 0 && runs > 0 ? 0 : 1;

/** A thread that died is replaced. */
async function runThread(): Promise<number> {
  let sum = 0;
  for (;;) {
    const result = await watchedWorker({ only, next, end: last }, keep);
    sum += result.begun;
    if (!result.died || found.length >= mostFound) return sum;
  }
}

function keep(violation: Found): void {
  found.push(violation);
  if (found.length >= mostFound) next[0] = last;
  void save(violation);
}

async function save({ seed, message }: Found): Promise<void> {
  const { subject, input } = await caseOf(seed, only);
  const folder = join(repositoryRoot, '.cache', 'fuzz');
  const file = join(folder, `${subject.name}-${seed}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, input.bytes);
  console.log(
    `seed ${seed}: ${subject.name} ${input.origin} ${input.isDamaged ? 'damaged' : 'changed'}, ${input.bytes.length} bytes in ${file}\n${message}\n`,
  );
}

function tell(): void {
  console.log(`${(next[0] ?? first) - first} runs, ${found.length} violations`);
}
