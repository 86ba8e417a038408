import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { glibcDirectory, glibcLoaderPath } from './base-roots.ts';
import type { StartingCase } from './starting-case.ts';
import { patched, versionHash, type Workshop } from './workshop.ts';

const inner = (name: string) => `int ${name}(void) { return 42; }`;

interface Parts {
  readonly source?: string;
  readonly flags?: readonly string[];
}

/** Linked with one library, started with another of the same name. */
function replaced(before: Parts, after: Parts, program: Parts = {}) {
  return (workshop: Workshop) => {
    const linked = workshop.library('glibc', 'libx.so', before);
    workshop.install(workshop.library('glibc', 'libx.so', after), '/usr/lib/libx.so');
    workshop.install(workshop.program('glibc', { ...program, with: [linked] }), '/program');
  };
}

/** A library whose symbols have versions, by a version script. */
function versioned(workshop: Workshop, script: string, source: string): string {
  const folder = dirname(workshop.library('glibc', 'unused.so'));
  const file = join(folder, 'versions');
  writeFileSync(file, script);
  return workshop.library('glibc', 'libx.so', {
    source,
    flags: [`-Wl,--version-script=${file}`],
  });
}

function versionCase(before: string, after: string | null, source = inner('answer')) {
  return (workshop: Workshop) => {
    const linked = versioned(workshop, before, inner('answer'));
    const installed =
      after === null
        ? workshop.library('glibc', 'libx.so', { source })
        : versioned(workshop, after, source);
    workshop.install(installed, '/usr/lib/libx.so');
    workshop.install(workshop.program('glibc', { with: [linked] }), '/program');
  };
}

const readsVariable = `
#include <unistd.h>
extern int number;
int main(void) { write(1, "started\\n", 8); return number; }`;
const callsWeak = `
#include <unistd.h>
int answer(void) __attribute__((weak));
int main(void) { write(1, "started\\n", 8); return answer ? answer() : 42; }`;
const indirect = `
static int real(void) { return 42; }
static void *choose(void) { return real; }
int answer(void) __attribute__((ifunc("choose")));`;

/** What glibc makes of what it found. */
export const glibcLinkingCases: readonly StartingCase[] = [
  {
    name: 'a lost function, bound lazily',
    base: 'glibc',
    ends: 'dies at the first call',
    make: replaced(
      { source: inner('answer') },
      { source: inner('question') },
      { flags: ['-Wl,-z,lazy'] },
    ),
  },
  {
    name: 'a lost function, bound at start',
    base: 'glibc',
    ends: 'dies at start',
    make: replaced(
      { source: inner('answer') },
      { source: inner('question') },
      { flags: ['-Wl,-z,now'] },
    ),
  },
  {
    name: 'a lost function that is never called through the PLT',
    base: 'glibc',
    ends: 'dies at start',
    make: replaced(
      { source: inner('answer') },
      { source: inner('question') },
      { flags: ['-Wl,-z,lazy', '-fno-plt'] },
    ),
  },
  {
    name: 'a lost variable',
    base: 'glibc',
    ends: 'dies at start',
    make: replaced(
      { source: 'int number = 42;' },
      { source: inner('answer') },
      { source: readsVariable },
    ),
  },
  {
    name: 'a copied variable',
    base: 'glibc',
    ends: 'starts',
    make: replaced(
      { source: 'int number = 42;' },
      { source: 'int number = 42;' },
      { source: readsVariable, flags: ['-no-pie'] },
    ),
  },
  {
    name: 'a copied variable that the library has lost',
    base: 'glibc',
    ends: 'dies at start',
    make: replaced(
      { source: 'int number = 42;' },
      { source: inner('answer') },
      { source: readsVariable, flags: ['-no-pie'] },
    ),
  },
  {
    name: 'a weak function that nobody has',
    base: 'glibc',
    ends: 'starts',
    make: replaced(
      { source: inner('answer') },
      { source: inner('question') },
      { source: callsWeak },
    ),
  },
  {
    name: 'an IFUNC of a library',
    base: 'glibc',
    ends: 'starts',
    make: replaced({ source: inner('answer') }, { source: indirect }),
  },
  {
    name: 'a version that the library does not define',
    base: 'glibc',
    ends: 'dies at start',
    make: versionCase('X_2 { answer; };', 'X_1 { answer; };'),
  },
  {
    name: 'a version that the library defines',
    base: 'glibc',
    ends: 'starts',
    make: versionCase('X_1 { answer; };', 'X_1 { answer; }; X_2 { other; } X_1;'),
  },
  {
    name: 'a version that the library defines without the function',
    base: 'glibc',
    ends: 'dies at the first call',
    make: versionCase(
      'X_2 { answer; };',
      'X_1 { answer; }; X_2 { other; } X_1;',
      `${inner('answer')} ${inner('other')}`,
    ),
  },
  {
    name: 'a library without versions satisfies every version',
    base: 'glibc',
    ends: 'starts',
    make: versionCase('X_2 { answer; };', null),
  },
  {
    name: 'a newer glibc than the one that is here',
    base: 'glibc',
    ends: 'dies at start',
    make: (workshop) => {
      const program = workshop.program('glibc');
      const named = patched(program, Buffer.from('GLIBC_2.34\0'), Buffer.from('GLIBC_2.99\0'));
      const newer = patched(named, versionHash('GLIBC_2.34'), versionHash('GLIBC_2.99'));
      workshop.install(newer, '/program');
    },
  },
  {
    name: 'a program for another machine',
    base: 'glibc',
    ends: 'dies at start',
    make: (workshop) => {
      const ident = Buffer.from([3, 0, 62, 0, 1, 0, 0, 0]);
      const other = Buffer.from([3, 0, 183, 0, 1, 0, 0, 0]);
      workshop.install(patched(workshop.program('glibc'), ident, other), '/program');
    },
  },
  {
    name: 'a loader that nobody may execute',
    base: 'glibc',
    ends: 'dies at start',
    make: (workshop) => {
      workshop.install(workshop.program('glibc'), '/program');
      const loader = join(workshop.root, glibcDirectory(), 'ld-linux-x86-64.so.2');
      chmodSync(loader, 0o644);
    },
  },
  {
    name: 'a loader whose link leads nowhere',
    base: 'glibc',
    ends: 'dies at start',
    make: (workshop) => {
      workshop.install(workshop.program('glibc'), '/program');
      rmSync(join(workshop.root, glibcLoaderPath));
      workshop.link(glibcLoaderPath, '/nowhere/ld.so');
    },
  },
];
