import { glibcDirectory } from './base-roots.ts';
import type { StartingCase } from './starting-case.ts';
import type { Workshop } from './workshop.ts';

const inner = (name: string) => `int ${name}(void) { return 42; }`;

/** Linked with one library, started with another of the same name. */
function replaced(
  before: string,
  after: string,
  program: { readonly source?: string; readonly flags?: readonly string[] } = {},
) {
  return (workshop: Workshop) => {
    const linked = workshop.library('musl', 'libx.so', { source: before });
    workshop.install(workshop.library('musl', 'libx.so', { source: after }), '/lib/libx.so');
    workshop.install(workshop.program('musl', { ...program, with: [linked] }), '/program');
  };
}

/** liba and libb each need a libx.so of their own, which hold different functions. */
function twoOfOneName(sonameInA: string, placeInA: string) {
  return (workshop: Workshop) => {
    const first = workshop.library('musl', 'libx.so', {
      source: inner('first'),
      soname: sonameInA,
    });
    const second = workshop.library('musl', 'libx.so', { source: inner('second') });
    const a = workshop.library('musl', 'liba.so', {
      source: 'int first(void); int answer(void) { return first(); }',
      with: [first],
      flags: ['-Wl,-rpath,/opt/a'],
    });
    const b = workshop.library('musl', 'libb.so', {
      source: 'int second(void); int other(void) { return second(); }',
      with: [second],
      flags: ['-Wl,-rpath,/opt/b'],
    });
    workshop.install(first, placeInA);
    workshop.install(second, '/opt/b/libx.so');
    workshop.install(a, '/lib/liba.so');
    workshop.install(b, '/lib/libb.so');
    workshop.install(workshop.program('musl', { with: [a, b] }), '/program');
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
const ownIndirect = `
#include <unistd.h>
static int real(void) { return 42; }
static void *choose(void) { return real; }
static int mine(void) __attribute__((ifunc("choose")));
int main(void) { write(1, "started\\n", 8); return mine(); }`;

/** What musl makes of what it found. */
export const muslLinkingCases: readonly StartingCase[] = [
  {
    name: 'a function that the library has lost',
    base: 'musl',
    ends: 'dies at start',
    make: replaced(inner('answer'), inner('question')),
  },
  {
    name: 'a variable that the library has lost',
    base: 'musl',
    ends: 'dies at start',
    make: replaced('int number = 42;', inner('answer'), { source: readsVariable }),
  },
  {
    name: 'a copied variable',
    base: 'musl',
    ends: 'starts',
    make: replaced('int number = 42;', 'int number = 42;', {
      source: readsVariable,
      flags: ['-no-pie'],
    }),
  },
  {
    name: 'a copied variable that the library has lost',
    base: 'musl',
    ends: 'dies at start',
    make: replaced('int number = 42;', inner('answer'), {
      source: readsVariable,
      flags: ['-no-pie'],
    }),
  },
  {
    name: 'a weak function that nobody has',
    base: 'musl',
    ends: 'starts',
    make: replaced(inner('answer'), inner('question'), { source: callsWeak }),
  },
  {
    name: 'an IFUNC of a library, called by the program',
    base: 'musl',
    ends: 'dies at start',
    make: replaced(inner('answer'), indirect),
  },
  {
    name: 'an IFUNC of the program itself',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) =>
      workshop.install(workshop.program('musl', { source: ownIndirect }), '/program'),
  },
  {
    name: 'two libraries of one name: the second is not loaded',
    base: 'musl',
    ends: 'dies at start',
    make: twoOfOneName('libx.so', '/opt/a/libx.so'),
  },
  {
    name: 'two libraries of one name, the first required by its path',
    base: 'musl',
    ends: 'starts',
    make: twoOfOneName('/opt/a/libx.so', '/opt/a/libx.so'),
  },
  {
    name: 'a library is not known by its DT_SONAME',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libreal.so');
      const asked = workshop.library('musl', 'libx.so', { soname: '/opt/libx.so' });
      workshop.install(library, '/opt/libx.so');
      workshop.install(workshop.program('musl', { with: [asked, library] }), '/program');
    },
  },
  {
    name: 'a need with a slash',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so', { soname: '/opt/libx.so' });
      workshop.install(library, '/opt/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'a need with a slash that leads nowhere, though the directories hold the library',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so', { soname: '/opt/libx.so' });
      workshop.install(library, '/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'a library for another machine ends the search',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so');
      const flags = ['-m32', '-nostdlib', '-fno-pic'];
      workshop.install(workshop.library('glibc', 'libx.so', { flags }), '/lib/libx.so');
      workshop.install(library, '/usr/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'a text file in place of the library ends the search',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so');
      workshop.write('/lib/libx.so', 'GROUP ( libx.so.1 )\n');
      workshop.install(library, '/usr/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: "a library built for glibc that needs glibc's own names",
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      const library = workshop.library('glibc', 'libx.so', { flags: ['-lm', '-lpthread'] });
      workshop.install(library, '/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: "glibc's libc by its path: musl stays with itself",
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      const path = `${glibcDirectory()}/libc.so.6`;
      workshop.install(path, '/opt/libc.so.6');
      const stub = workshop.library('musl', 'libc.so.6', { soname: '/opt/libc.so.6' });
      const source =
        '#include <unistd.h>\nint main(void) { write(1, "started\\n", 8); return 42; }';
      workshop.install(workshop.program('musl', { source, with: [stub] }), '/program');
    },
  },
  {
    name: 'a program that does not need libc does not get its symbols',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const stub = workshop.library('musl', 'libx.so', {
        source:
          'int write(int a, const void *b, unsigned long c) { return 0; } void _exit(int a) {}',
        flags: ['-nostdlib'],
      });
      const empty = workshop.library('musl', 'libx.so', {
        source: 'int nothing;',
        flags: ['-nostdlib'],
      });
      const source = 'void _start(void) { write(1, "started\\n", 8); _exit(42); }';
      workshop.install(empty, '/lib/libx.so');
      const flags = ['-nostdlib', '-nostartfiles', '-Wl,-e,_start'];
      workshop.install(workshop.program('musl', { source, with: [stub], flags }), '/program');
    },
  },
];
