import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../../test/support/repository.ts';

/** A root filesystem that cases start from. Its files are never changed: each case works on a copy. */
export interface LabRoot {
  /** As the folder or archive is called: `alpine-3.20.3-x86_64`, `debian-bookworm`, `musl-1.1.22-i386`. */
  readonly name: string;
  readonly folder: string;
  readonly libc: 'musl' | 'glibc';
  readonly machine: Machine;
}

export const machines = ['x86_64', 'i386', 'aarch64', 'riscv64'] as const;
export type Machine = (typeof machines)[number];

export const architectures: Readonly<Record<Machine, string>> = {
  x86_64: 'amd64',
  i386: '386',
  aarch64: 'arm64',
  riscv64: 'riscv64',
};

/** Where the qemu of a machine lies that runs its programs under the kernel of this one; null: the kernel runs them. */
export function emulatorOf(machine: Machine): string | null {
  return machine === 'x86_64' || machine === 'i386' ? null : `/usr/bin/qemu-${machine}-static`;
}

/**
 * Roots in a folder, by name: folders, and the archives of Alpine, which are unpacked into `scratch`. In addition there are the two
 * that a Debian machine can always make: `musl` and `glibc`, each a libc and nothing else.
 */
export function findLabRoots(folder: string | null, scratch: string): ReadonlyMap<string, LabRoot> {
  const roots = new Map<string, LabRoot>();
  const add = (name: string, path: string) =>
    roots.set(name, { name, folder: path, ...kindOf(name) });
  add('musl', makeMuslRoot(join(scratch, 'musl')));
  add('glibc', makeGlibcRoot(join(scratch, 'glibc')));
  for (const entry of folder === null ? [] : readdirSync(folder, { withFileTypes: true })) {
    const path = join(String(folder), entry.name);
    const archive = /^alpine-minirootfs-(.*)\.tar\.gz$/.exec(entry.name)?.[1];
    if (archive !== undefined)
      add(`alpine-${archive}`, unpack(path, join(scratch, `alpine-${archive}`)));
    else if (/^(alpine|debian|musl)-/.test(entry.name))
      add(entry.name, duplicate(path, join(scratch, entry.name)));
  }
  for (const [name, { machine }] of roots) {
    const emulator = emulatorOf(machine);
    if (emulator !== null && !existsSync(emulator)) roots.delete(name);
  }
  return roots;
}

/** What a root's name says of it. */
export function kindOf(name: string): Pick<LabRoot, 'libc' | 'machine'> {
  const machine = /-(i386|aarch64|riscv64)$/.exec(name)?.[1] as Machine | undefined;
  return { libc: /^(debian|glibc)/.test(name) ? 'glibc' : 'musl', machine: machine ?? 'x86_64' };
}

function unpack(archive: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  return folder;
}

/** Cases work with hard links to a root's files, so that all must be on one file system. */
function duplicate(from: string, to: string): string {
  mkdirSync(dirname(to), { recursive: true });
  execFileSync('cp', ['-a', `${realpathSync(from)}/.`, to]);
  return to;
}

const muslLoader = '/lib/ld-musl-x86_64.so.1';
const glibcLoader = '/lib64/ld-linux-x86-64.so.2';

function makeMuslRoot(folder: string): string {
  copy(muslLoader, join(folder, muslLoader));
  return folder;
}

/** The loader's directories are built into it, so the files lie where they lie on this machine. */
function makeGlibcRoot(folder: string): string {
  const place = dirname(realpathSync(glibcLoader)).replace(/^\/usr\/lib\//, '/lib/');
  copy(glibcLoader, join(folder, glibcLoader));
  for (const name of ['libc.so.6', 'libm.so.6', 'ld-linux-x86-64.so.2'])
    copy(join(place, name), join(folder, place, name));
  return folder;
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  execFileSync('cp', ['-L', from, to]);
}

export const defaultRootsFolder = join(dirname(repositoryRoot), 'shared/corpus');
