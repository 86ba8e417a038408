// Developer's script: starts images with good and bad entry points by real runtimes, and compares with what the rule
// `entrypoint-starts` says of them and with what was recorded. Run by root on Debian with umoci, crun, gcc and musl-gcc:
// node dist/lab/compare-with-crun.js [--record] [--slice N/M] [crun] [runc]
// Exits with 1 where verdict and start differ, in the reason too, or where a runtime does other than what was recorded.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAvailable } from './entrypoints/base-images.ts';
import { compareVerdict, type Ending, endingOf } from './entrypoints/compare-verdict.ts';
import { entrypointCases } from './entrypoints/entrypoint-cases.ts';
import { ImageMaker } from './entrypoints/image-maker.ts';
import { type Recorded, readRecord, writeRecord } from './entrypoints/record.ts';
import { type RuntimeName, runImage } from './entrypoints/run-image.ts';
import { startVerdict } from './entrypoints/start-verdict.ts';

interface Options {
  readonly runtimes: readonly RuntimeName[];
  readonly isRecording: boolean;
  /** Of `count` parts of the cases the one at `at`. */
  readonly slice: { readonly at: number; readonly count: number };
}

async function main({ runtimes, isRecording, slice }: Options): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'entrypoints-'));
  const counts: Record<string, number> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const known = readRecord();
  const record: Record<string, Recorded> = {};
  mkdirSync(join(folder, 'programs'));
  const maker = new ImageMaker(join(folder, 'programs'));
  const images = entrypointCases
    .flatMap((each) => each.bases.map((base) => ({ base, each })))
    .filter((_, at) => at % slice.count === slice.at);
  try {
    for (const { base, each } of images) {
      const key = `${base}: ${each.name}`;
      if (!isAvailable(base)) {
        count('left out, without their root');
        if (known[key] !== undefined) record[key] = known[key];
        continue;
      }
      const layout = join(folder, 'layout');
      rmSync(layout, { recursive: true, force: true });
      maker.write(layout, base, each);
      const real: Partial<Record<RuntimeName, Ending>> = {};
      for (const name of runtimes) {
        const run = runImage(name, layout, each.config, folder);
        real[name] = endingOf(run);
        if (known[key]?.[name] === real[name] || isRecording) continue;
        count('not as recorded');
        console.error(
          `${key}: ${name}: ${real[name]}, recorded: ${known[key]?.[name] ?? 'nothing'}: ${run.said}`,
        );
      }
      record[key] = real;
      const verdict = await startVerdict(layout);
      // What another runtime was recorded to do counts too: an image is not made for one.
      const answer = compareVerdict(Object.values({ ...known[key], ...real }), verdict, each);
      count(answer);
      const ends = runtimes.map((name) => `${name}: ${real[name]}`).join(', ');
      const line = `${answer.padEnd(22)} ${key} (${ends}): ${verdict.outcome}: ${verdict.message}`;
      if (answer === 'agrees') console.info(line);
      else console.error(line);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (isRecording) writeRecord(record);
  const total = Object.entries(counts).map(([what, number]) => `${number} ${what}`);
  console.info(`${images.length} images: ${total.join(', ')}`);
  const wrong = ['false pass', 'false fail', 'another reason', 'not as recorded'];
  return wrong.every((what) => counts[what] === undefined);
}

function optionsOf(words: readonly string[]): Options {
  const runtimes = words.filter((word) => word === 'crun' || word === 'runc');
  const [at = 1, count = 1] = (words[words.indexOf('--slice') + 1] ?? '').split('/').map(Number);
  return {
    runtimes: runtimes.length === 0 ? ['crun'] : runtimes,
    isRecording: words.includes('--record'),
    slice: words.includes('--slice') ? { at: at - 1, count } : { at: 0, count: 1 },
  };
}

process.exitCode = (await main(optionsOf(process.argv.slice(2)))) ? 0 : 1;
