// Developer's script: makes images in the forms in which builders, registries and people leave them, has containerd, podman, umoci and
// skopeo open each, and compares which image was taken and what is in it with what hullcheck judges.
// Run by root on Debian: node dist/lab/compare-intake.js [PART OF A NAME]
// Exits with 1 where something differs without a reason, a reason is given where nothing differs, or more than one comparison in thirty
// needs one.
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DamagedInput, UsageError } from '../src/base/errors.ts';
import { intakeCases } from './intake/cases.ts';
import type { IntakeCase, Place } from './intake/intake-case.ts';
import { containerd } from './runtimes/containerd.ts';
import { imagesJudged, type Judged, type RootFiles } from './runtimes/files-of-root.ts';
import { podman, skopeo, type Unpacker, umoci } from './runtimes/unpackers.ts';

/** A sentence: it is not opened at all. */
type Opened = readonly Judged[] | string;

async function main(part: string): Promise<boolean> {
  const folder = join(tmpdir(), `intake-${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  const unpackers = [umoci(folder), podman(folder), skopeo(folder), await containerd(folder)];
  const tally = { same: 0, listed: 0, refused: 0, wrong: 0, unpacked: 0, explained: 0 };
  try {
    for (const [at, given] of intakeCases.entries()) {
      if (!given.name.includes(part)) continue;
      const place = placeOf(join(folder, `case${at}`), at);
      const { unpacked, complaints } = await compare(given, place, unpackers);
      rmSync(place.folder, { recursive: true, force: true });
      for (const complaint of complaints) console.error(`WRONG: ${given.name}: ${complaint}`);
      tally.unpacked += unpacked;
      if (complaints.length > 0) tally.wrong += 1;
      else if (given.differs !== undefined) {
        tally.listed += 1;
        tally.explained += given.differs.from.length;
      } else if (unpacked === 0) tally.refused += 1;
      else tally.same += 1;
    }
  } finally {
    for (const unpacker of unpackers) unpacker.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const { same, listed, refused, wrong, unpacked, explained } = tally;
  console.info(
    `${same + listed + refused + wrong} images: ${same} the same, ${refused} that no tool opens, ${listed} with a difference that has a reason, ${wrong} wrong; tools opened ${unpacked} times, and differ ${explained} times with a reason`,
  );
  const isFew = part !== '' || explained * 30 <= unpacked;
  if (!isFew) console.error('more than one comparison in thirty differs');
  return wrong === 0 && same + listed > 0 && isFew;
}

function placeOf(folder: string, at: number): Place {
  mkdirSync(folder);
  const elf = (letter: string) =>
    Buffer.from(`\x7fELF${letter} of case ${at}${'.'.repeat(600)}`, 'latin1');
  return { folder, elf };
}

async function compare(given: IntakeCase, place: Place, unpackers: readonly Unpacker[]) {
  const { reference, ...written } = await given.write(place);
  const { platform } = given;
  const opened = await open(reference, platform);
  const packed = platform === undefined ? written : { ...written, platform };
  let unpacked = 0;
  const complaints: string[] = [];
  const differing = new Set<string>();
  for (const { name, unpack } of unpackers) {
    const real = unpack(packed);
    if (real === null || typeof real === 'string') continue;
    unpacked += 1;
    const difference = differenceOf(opened, real);
    if (difference === null) continue;
    differing.add(name);
    if (!given.differs?.from.some((each) => each === name))
      complaints.push(`${name}: ${difference}`);
  }
  for (const name of given.differs?.from ?? [])
    if (!differing.has(name)) complaints.push(`${name}: nothing differs any more`);
  if (unpacked === 0) complaints.push(...refusal(given, opened));
  else if (given.refused !== undefined) complaints.push('a tool opens it');
  return { unpacked, complaints };
}

async function open(reference: string, platform: string | undefined): Promise<Opened> {
  try {
    return await imagesJudged(reference, platform ?? null);
  } catch (error) {
    if (error instanceof UsageError || error instanceof DamagedInput) return error.message;
    throw error;
  }
}

/** One of the images that are judged is the one that the tool took, and has its files, without a problem. */
function differenceOf(opened: Opened, real: RootFiles): string | null {
  if (typeof opened === 'string') return `it takes ${listOf(real)}, and here: ${opened}`;
  const problems = opened.flatMap((each) => each.problems);
  if (problems.length > 0) return `it opens it, and here: ${problems.join('; ')}`;
  if (opened.some(({ files }) => listOf(files) === listOf(real))) return null;
  return `it takes ${listOf(real)}, and judged: ${opened.map(({ files }) => listOf(files)).join(' | ')}`;
}

function listOf(files: RootFiles): string {
  const short = [...files].map(([path, sum]) => `${path.slice(-60)}=${sum.slice(0, 12)}`);
  return short.sort().join(' ') || 'nothing';
}

function refusal({ refused }: IntakeCase, opened: Opened): readonly string[] {
  const isSaid = typeof opened === 'string' || opened.some(({ problems }) => problems.length > 0);
  if (refused === 'said')
    return isSaid || hasNotice(opened) ? [] : ['no tool opens it, and nothing is said'];
  if (refused === 'read') return isSaid ? [`not read: ${JSON.stringify(opened)}`] : [];
  return ['no tool opens it'];
}

function hasNotice(opened: Opened): boolean {
  return typeof opened !== 'string' && opened.some(({ notices }) => notices.length > 0);
}

const [, , part = ''] = process.argv;
process.exitCode = (await main(part)) ? 0 : 1;
