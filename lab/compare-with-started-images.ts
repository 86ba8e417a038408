// Developer's script: makes images, starts each in its root as a runtime would, and compares with what the rules
// `entrypoint-starts` and `loadable` say of it. Needs root on Linux on x86-64, gcc, musl-gcc and Debian's cross compilers.
//   node dist/lab/compare-with-started-images.js [--roots FOLDER] [--tables ROOT,...] [--count N] [--seed N]
//     [--bases ROOT,...] [--only PATTERN] [--keep FOLDER]
// --tables: everything that a case can have, each alone, in these roots. --count: that many cases by chance, in --bases.
// FOLDER holds roots and archives of Alpine's minirootfs; without it there are `musl` and `glibc`, made of this machine's.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateCase, tableOf } from './starting/images/all-cases.ts';
import {
  agreementOf,
  type Bench,
  compareImage,
  createBench,
  obstacleTo,
} from './starting/images/compare-image.ts';
import type { ImageCase } from './starting/images/image-case.ts';

const { values } = parseArgs({
  options: {
    tables: { type: 'string', default: '' },
    count: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    bases: { type: 'string', default: 'musl,glibc' },
    only: { type: 'string', default: '' },
    roots: { type: 'string' },
    keep: { type: 'string' },
  },
});

function* wantedCases(): Generator<readonly [string, ImageCase]> {
  for (const base of words(values.tables)) {
    for (const [index, each] of tableOf(base).entries()) yield [`${base}#${index}`, each];
  }
  const first = Number(values.seed);
  for (let seed = first; seed < first + Number(values.count); seed += 1) {
    yield [`seed ${seed}`, generateCase(seed, words(values.bases))];
  }
}

function words(list: string): string[] {
  return list.split(',').filter((word) => word !== '');
}

const counts = new Map<string, number>();

function count(name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

async function main(): Promise<boolean> {
  const scratch = mkdtempSync(join(tmpdir(), 'started-images-'));
  try {
    const bench = createBench(scratch, values.roots ?? null);
    for (const [id, each] of wantedCases()) {
      const title = `${id} ${each.base}: ${each.name}`;
      if (!new RegExp(values.only).test(title)) continue;
      await compare(bench, each, title);
      if (values.keep === undefined) continue;
      cpSync(join(scratch, 'case'), join(values.keep, id), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const [name, times] of [...counts].sort()) console.info(`${times} ${name}`);
  return [...counts.keys()].every((name) => !/false|not made/.test(name));
}

async function compare(bench: Bench, each: ImageCase, title: string): Promise<void> {
  const obstacle = obstacleTo(bench, each);
  if (obstacle !== null) return count(`left out: ${obstacle}`);
  try {
    const { real, start, loadable } = await compareImage(bench, each);
    count(`really: ${real.fate}`);
    for (const [rule, said] of [
      ['entrypoint-starts', start],
      ['loadable', loadable],
    ] as const) {
      if (said === null) continue;
      const agreement = agreementOf(said, real);
      // A root without an image has no working directory.
      if (
        agreement === 'unknown' &&
        rule === 'loadable' &&
        /working directory/.test(said.message)
      ) {
        count(`${rule}: left to the working directory`);
        continue;
      }
      count(`${rule}: ${agreement}`);
      if (agreement === 'agrees') continue;
      console.info(`${agreement.toUpperCase()}  ${title}`);
      console.info(`    ${JSON.stringify(each.image)}`);
      console.info(`    really ${real.fate}: ${real.how}`);
      console.info(`    ${rule}: ${said.message}`);
    }
  } catch (error) {
    count('not made');
    console.info(
      `NOT MADE  ${title}: ${error instanceof Error ? error.message.slice(0, 900) : error}`,
    );
  }
}

if (import.meta.filename === process.argv[1]) process.exitCode = (await main()) ? 0 : 1;
