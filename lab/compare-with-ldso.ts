// Developer's script: compares the libraries that the loader models find with what the root's own glibc loader says,
// for every program below /usr/bin of a root: `node dist/lab/compare-with-ldso.js [ROOT]` (default /). It runs
// `ld.so --list` inside the root with chroot, so it is for roots whose files are trusted, and needs root.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BinaryReport } from '../src/report/report.ts';
import { plainScan } from './plain-scan.ts';

const root = process.argv[2] ?? '/';
const loader = '/lib64/ld-linux-x86-64.so.2';
const places = new Map<string, string>();
const counts = { same: 0, different: 0, 'not compared': 0 };

const report = await plainScan(`rootfs:${root}`, { only: ['loadable'], jobs: 2 });
const byPath = new Map<string, BinaryReport>();
for (const binary of report.targets[0]?.binaries ?? []) {
  for (const path of [binary.path, ...binary.aliases]) byPath.set(path, binary);
}
for (const name of readdirSync(join(root, 'usr/bin'))) {
  const path = `/usr/bin/${name}`;
  const binary = byPath.get(path);
  if (binary !== undefined) compare(path, binary);
}
console.info(
  `${counts.same} agree, ${counts.different} differ, ${counts['not compared']} no glibc program`,
);
process.exitCode = counts.different === 0 ? 0 : 1;

function compare(path: string, { facts: { linkage } }: BinaryReport): void {
  const link = linkage.known && linkage.value.where === 'root' ? linkage.value : null;
  if (link?.link === null || link?.servedBy?.libc !== 'glibc') {
    counts['not compared'] += 1;
    return;
  }
  const { libraries, missingLibraries } = link.link;
  const ours = [
    ...libraries.slice(1).map((library) => library.path),
    ...missingLibraries.map((library) => `${library.name} not found`),
  ].sort();
  const theirs = listed(path);
  if (theirs !== null && ours.join('\n') === theirs.join('\n')) counts.same += 1;
  else {
    counts.different += 1;
    console.info(`${path}\n  here:  ${ours.join(' ')}\n  ld.so: ${theirs?.join(' ')}`);
  }
}

/**
 * Files that the loader names, with their links resolved inside the root. null: it refuses the program. `--list` takes
 * $ORIGIN from the name that it is given, the kernel from the file: so it gets the name of the file.
 */
function listed(path: string): string[] | null {
  const words = [root, loader, '--list', resolved(path)];
  const { status, stdout } = spawnSync('chroot', words, { encoding: 'utf8' });
  if (status !== 0) return null;
  const found = stdout.split('\n').flatMap((line) => {
    const missing = /^\s*(\S+) => not found/.exec(line)?.[1];
    if (missing !== undefined) return [`${missing} not found`];
    const file = /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1];
    return file === undefined || line.includes('ld-linux') ? [] : [resolved(file)];
  });
  return [...new Set(found)].sort();
}

function resolved(file: string): string {
  const known = places.get(file);
  if (known !== undefined) return known;
  const { stdout } = spawnSync('chroot', [root, 'readlink', '-f', file], { encoding: 'utf8' });
  places.set(file, stdout.trim());
  return stdout.trim();
}
