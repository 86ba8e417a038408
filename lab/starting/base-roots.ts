import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';
import { type DebianSuite, suiteFolder, type Workshop } from './workshop.ts';

/** Roots that the cases start from: a libc and nothing else, or a whole distribution. */
export type BaseRoot = 'empty' | 'musl' | 'glibc' | 'alpine' | DebianSuite;

const alpineArchive = join(
  dirname(repositoryRoot),
  'shared/corpus/alpine-minirootfs-3.20.3-x86_64.tar.gz',
);

export const muslLoaderPath = '/lib/ld-musl-x86_64.so.1';
export const glibcLoaderPath = '/lib64/ld-linux-x86-64.so.2';

/** Whether the root can be made on this machine. */
export function isAvailable(base: BaseRoot): boolean {
  if (base === 'alpine') return existsSync(alpineArchive);
  return !isSuite(base) || existsSync(suiteFolder(base));
}

export function fillRoot(base: BaseRoot, workshop: Workshop): void {
  for (const folder of ['proc', 'tmp', 'etc', 'opt', 'usr/lib']) {
    mkdirSync(join(workshop.root, folder), { recursive: true });
  }
  if (base === 'musl') installMusl(workshop);
  if (base === 'glibc') installGlibc(workshop);
  if (isSuite(base)) installSuite(workshop, base);
  if (base === 'alpine') execFileSync('tar', ['-xzf', alpineArchive, '-C', workshop.root]);
}

let muslOfRoots = muslLoaderPath;

/** Takes another file than the machine's for musl, of another release. */
export function takeMusl(file: string): void {
  muslOfRoots = file;
}

export function installMusl(workshop: Workshop): void {
  workshop.install(muslOfRoots, muslLoaderPath);
}

/** The machine's own files, where they are on this machine: the loader's directories are built into it. */
export function installGlibc(workshop: Workshop): void {
  const loader = realpathSync(glibcLoaderPath);
  const libc = realpathSync(tellFile('libc.so.6'));
  workshop.install(loader, loader.replace(/^\/usr\/lib\//, '/lib/'));
  workshop.link(glibcLoaderPath, loader.replace(/^\/usr\/lib\//, '/lib/'));
  const place = dirname(loader).replace(/^\/usr\/lib\//, '/lib/');
  workshop.install(libc, `${place}/libc.so.6`);
}

function isSuite(base: BaseRoot): base is DebianSuite {
  return base === 'bullseye' || base === 'bookworm' || base === 'trixie';
}

/** The loader and the libraries of glibc itself. */
function installSuite(workshop: Workshop, suite: DebianSuite): void {
  const place = '/lib/x86_64-linux-gnu';
  for (const name of ['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libdl.so.2']) {
    workshop.install(join(suiteFolder(suite), place, name), `${place}/${name}`);
  }
  workshop.link(glibcLoaderPath, `${place}/ld-linux-x86-64.so.2`);
}

/** Where the machine's multiarch or lib64 directory lies. */
export function glibcDirectory(): string {
  return dirname(realpathSync(glibcLoaderPath)).replace(/^\/usr\/lib\//, '/lib/');
}

function tellFile(name: string): string {
  return execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
}
