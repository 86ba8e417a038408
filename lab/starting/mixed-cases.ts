import { glibcLoaderPath, installMusl, muslLoaderPath } from './base-roots.ts';
import type { StartingCase } from './starting-case.ts';
import type { Workshop } from './workshop.ts';

const fortified = `
#include <unistd.h>
int __answer_chk(int);
int main(void) { write(1, "started\\n", 8); return __answer_chk(1); }`;

/** A glibc program that calls a function which only glibc has, taken here from a stand-in for libm.so.6. */
function installFortified(workshop: Workshop): void {
  const stub = workshop.library('glibc', 'libmore.so', {
    soname: 'libm.so.6',
    source: 'int __answer_chk(int a) { return 42; }',
    flags: ['-nostdlib'],
  });
  workshop.install(workshop.program('glibc', { source: fortified, with: [stub] }), '/program');
}

/** As gcompat's loader does it: musl's loader is started on the program with a library loaded before it. */
function installGcompat(workshop: Workshop, provides: string): void {
  const source = `
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **words) {
  char target[4096], preload[4096];
  char *more = getenv("LD_PRELOAD");
  snprintf(preload, sizeof preload, "/lib/libgcompat.so.0 %s", more ? more : "");
  long length = readlink("/proc/self/exe", target, sizeof target - 1);
  if (length < 0) return 126;
  target[length] = 0;
  char *arguments[] = {"ld-linux-x86-64.so.2", "--argv0", words[0], "--preload",
    preload, "--", target, 0};
  execv("${muslLoaderPath}", arguments);
  return 127;
}`;
  workshop.install(workshop.program('musl', { source, flags: ['-static'] }), glibcLoaderPath);
  const library = workshop.library('musl', 'libgcompat.so.0', {
    source: `int ${provides}(int a) { return 42; }`,
  });
  workshop.install(library, '/lib/libgcompat.so.0');
}

/** Programs of one libc in a root of the other. */
export const mixedCases: readonly StartingCase[] = [
  {
    name: 'a musl program in Alpine',
    base: 'alpine',
    ends: 'starts',
    make: (workshop) => workshop.install(workshop.program('musl'), '/program'),
  },
  {
    name: 'a glibc program in Alpine',
    base: 'alpine',
    ends: 'dies at start',
    make: (workshop) => workshop.install(workshop.program('glibc'), '/program'),
  },
  {
    name: 'a glibc program in a musl root',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => workshop.install(workshop.program('glibc'), '/program'),
  },
  {
    name: "musl at the place of glibc's loader, and all symbols there",
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      workshop.install(workshop.program('glibc'), '/program');
      workshop.link(glibcLoaderPath, muslLoaderPath);
    },
  },
  {
    name: "Alpine's musl at the place of glibc's loader, and all symbols there",
    base: 'alpine',
    ends: 'starts',
    make: (workshop) => {
      workshop.install(workshop.program('glibc'), '/program');
      workshop.link(glibcLoaderPath, `../lib/libc.musl-x86_64.so.1`);
    },
  },
  {
    name: "musl at the place of glibc's loader, and a symbol of glibc's own",
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      installFortified(workshop);
      workshop.link(glibcLoaderPath, muslLoaderPath);
    },
  },
  {
    name: "gcompat at the place of glibc's loader, and it has the symbol",
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      installFortified(workshop);
      installGcompat(workshop, '__answer_chk');
    },
  },
  {
    name: "gcompat at the place of glibc's loader, and it lacks the symbol",
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      installFortified(workshop);
      installGcompat(workshop, '__question_chk');
    },
  },
  {
    name: "gcompat answers for the name of glibc's loader",
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      const source = 'int answer(void) { return 42; }';
      const flags = ['-nostdlib', '-Wl,--no-as-needed', '-l:ld-linux-x86-64.so.2'];
      const library = workshop.library('glibc', 'libx.so', { source, flags });
      workshop.install(library, '/usr/lib/libx.so');
      workshop.install(workshop.program('glibc', { with: [library] }), '/program');
      installGcompat(workshop, 'anything');
    },
  },
  {
    name: 'gcompat passes LD_PRELOAD on, behind its own library',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/opt/libmore.so'] },
    make: (workshop) => {
      installFortified(workshop);
      installGcompat(workshop, 'anything');
      const source = 'int __answer_chk(int a) { return 42; }';
      const more = workshop.library('musl', 'libmore.so', { source });
      workshop.install(more, '/opt/libmore.so');
    },
  },
  {
    name: 'a musl program in a glibc root',
    base: 'glibc',
    ends: 'dies at start',
    make: (workshop) => workshop.install(workshop.program('musl'), '/program'),
  },
  {
    name: 'a musl program in a glibc root that has musl too',
    base: 'glibc',
    ends: 'starts',
    make: (workshop) => {
      installMusl(workshop);
      workshop.install(workshop.program('musl'), '/program');
    },
  },
  {
    name: 'a dynamic program in an empty root',
    base: 'empty',
    ends: 'dies at start',
    make: (workshop) => workshop.install(workshop.program('musl'), '/program'),
  },
];
