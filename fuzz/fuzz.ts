import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../test/support/repository.ts';
import { endless, startCampaign, type Violated } from './campaign.ts';
import { campaignTable } from './campaign-table.ts';
import { randomFrom } from './random.ts';
import { subjectNamed, subjects } from './subjects.ts';

/*
 * npm run fuzz -- [--runs COUNT] [--seed FIRST] [--jobs COUNT] [--only SUBJECT] [--forever]
 *
 * The runs are shared over all subjects (shares.ts), each with seeds from the first on: `--only SUBJECT --seed N --runs 1`
 * repeats a run. What breaks a promise is printed, its input is kept in .cache/fuzz/ to be made a regression case in
 * test/fuzz/inputs/, and the campaign goes on. Ctrl-C ends it early, with the table so far. Exit code 1: a promise was broken.
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
const firstSeed = wholeNumber('--seed', values.seed, 0);
const runs = values.forever ? endless : wholeNumber('--runs', values.runs, 1);
const jobs = wholeNumber('--jobs', values.jobs, 1);
const names =
  values.only === undefined ? subjects.map(({ name }) => name) : [subjectNamed(values.only).name];

/** Of each subject: the same fault breaks many runs. */
const mostTold = 10;
const reported = new Map<string, Violated[]>();
const saved: Promise<void>[] = [];

const started = performance.now();
const script = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
const campaign = startCampaign({ names, firstSeed, runs, jobs, script, whenFound: keep });
process.on('SIGINT', campaign.stop).on('SIGTERM', campaign.stop);
// From here on a signal ends it with its table.
console.log(`runs from seed ${firstSeed} on have begun`);
const progress = setInterval(tellProgress, 30_000);
await campaign.done;
clearInterval(progress);
await Promise.all(saved);
tellEnd();
process.exitCode = campaign.violations() === 0 ? 0 : 1;

function keep(violation: Violated): void {
  const ofSubject = reported.get(violation.subject) ?? [];
  if (ofSubject.length >= mostTold) return;
  reported.set(violation.subject, [...ofSubject, violation]);
  saved.push(save(violation));
}

/** An input that kills the process that makes it is reported by its seed alone. */
async function save({ subject, seed, message }: Violated): Promise<void> {
  const what = await inputOf(subject, seed).catch((error: unknown) => `no input: ${error}`);
  console.log(`${subject} seed ${seed}: ${what}\n${message}\n`);
}

async function inputOf(subject: string, seed: number): Promise<string> {
  const { bytes, origin, isDamaged } = await subjectNamed(subject).make(randomFrom(seed));
  const folder = join(repositoryRoot, '.cache', 'fuzz');
  const file = join(folder, `${subject}-${seed}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, bytes);
  return `${origin} ${isDamaged ? 'damaged' : 'changed'}, ${bytes.length} bytes in ${file}`;
}

function secondsUntilNow(): number {
  return (performance.now() - started) / 1000;
}

function tellProgress(): void {
  const begun = campaign.begun();
  const perSecond = begun / secondsUntilNow();
  const left = values.forever ? '' : `, ${Math.ceil((runs - begun) / perSecond / 60)} min left`;
  console.log(
    `${begun} runs, ${perSecond.toFixed(0)} a second, ${campaign.violations()} violations${left}`,
  );
}

function tellEnd(): void {
  console.log(campaignTable(campaign.results(), firstSeed));
  const begun = campaign.begun();
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${begun < runs ? 'stopped after ' : ''}${begun} runs in ${secondsUntilNow().toFixed(0)} s with ${peak.toFixed(0)} MiB at most: ${campaign.violations()} violations`,
  );
  for (const { subject, seed } of [...reported.values()].flat())
    console.log(`npm run fuzz -- --only ${subject} --seed ${seed} --runs 1`);
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`${option} is ${text}, expected a whole number from ${least} on`);
  return number;
}
