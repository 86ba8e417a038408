import { withLongRelro } from './edited-file.ts';
import type { StartingCase } from './starting-case.ts';
import type { Workshop } from './workshop.ts';
import { patched } from './workshop.ts';

const prints = 'write(1, "started\\n", 8) == 8';

/** Calls functions that lie under another name in musl since 1.2.4. */
const callsLarge = (...names: readonly string[]) => `
#include <unistd.h>
${names.map((name) => `long ${name}();`).join('\n')}
static void *volatile functions[] = {${names.join(', ')}};
int main(void) { return ${prints} && functions[0] ? 42 : 1; }`;

function large(...names: readonly string[]) {
  return (workshop: Workshop) => {
    const source = names.map((name) => `long ${name}() { return 0; }`).join('\n');
    const stand = workshop.library('musl', 'libdl.so', { source });
    const program = workshop.program('musl', { source: callsLarge(...names), with: [stand] });
    workshop.install(program, '/program');
  };
}

const relative = ['-Wl,-z,pack-relative-relocs'];
const withTable = `
#include <unistd.h>
static int answer(void) { return 42; }
static int (*volatile const table[])(void) = {answer, answer, answer, answer};
int main(void) { return ${prints} ? table[2]() : 1; }`;
const inCode = `
#include <unistd.h>
int answer(void) { return 42; }
__asm__(".text\\n.balign 8\\nplace: .quad answer\\n");
int main(void) { return ${prints} ? answer() : 1; }`;
const libraryInCode = `
int inner(void) { return 42; }
__asm__(".text\\n.balign 8\\n.globl place\\n.hidden place\\nplace: .quad inner\\n");
extern int (*const place)(void) __attribute__((visibility("hidden")));
int answer(void) { return place(); }`;
const notext = ['-Wl,-z,notext'];
const indirect = `
#include <unistd.h>
static int real(void) { return 42; }
static void *choose(void) { return real; }
static int mine(void) __attribute__((ifunc("choose")));
int main(void) { return ${prints} ? mine() : 1; }`;

/** A library with `answer` only as a version that is not the default. */
function oldVersionOnly(workshop: Workshop): void {
  const linked = workshop.library('musl', 'libx.so');
  workshop.write('/versions', 'OLD { global: answer; other; };\n');
  const source = `
int real(void) { return 42; }
int other(void) { return 1; }
__asm__(".symver real, answer@OLD");`;
  const flags = [`-Wl,--version-script=${workshop.root}/versions`];
  const library = workshop.library('musl', 'libx.so', { source, flags });
  workshop.install(library, '/lib/libx.so');
  workshop.install(workshop.program('musl', { with: [linked] }), '/program');
}

/** What a release of musl can do with the relocations of a file. */
export const muslReleaseCases: readonly StartingCase[] = [
  {
    name: 'names of large files',
    base: 'musl',
    ends: 'starts',
    make: large('open64', 'pread64', 'stat64', 'readdir64_r', 'mkostemps64'),
  },
  {
    name: 'names of large files that are not on the list of later releases',
    base: 'musl',
    ends: 'dies at start',
    make: large('open64', 'getline64'),
  },
  {
    name: 'the longest name of large files',
    base: 'musl',
    ends: 'starts',
    make: large('posix_fallocate64'),
  },
  {
    name: "names of large files in Alpine's musl",
    base: 'alpine',
    ends: 'starts',
    make: large('open64', 'pread64', 'stat64', 'readdir64_r', 'mkostemps64', 'posix_fadvise64'),
  },
  {
    name: "the longest name of large files in Alpine's musl",
    base: 'alpine',
    ends: 'dies at start',
    make: large('posix_fallocate64'),
  },
  {
    name: "relocations in DT_RELR in Alpine's musl",
    base: 'alpine',
    ends: 'starts',
    make: (workshop) =>
      workshop.install(
        workshop.program('musl', { source: withTable, flags: relative }),
        '/program',
      ),
  },
  {
    name: 'a program whose PT_GNU_RELRO reaches where nothing is mapped',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => workshop.install(withLongRelro(workshop.program('musl')), '/program'),
  },
  {
    name: 'text relocations of a program',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) =>
      workshop.install(workshop.program('musl', { source: inCode, flags: notext }), '/program'),
  },
  {
    name: "a program's text at a fixed address has no relocations",
    base: 'musl',
    ends: 'starts',
    make: (workshop) =>
      workshop.install(
        workshop.program('musl', { source: inCode, flags: ['-no-pie', ...notext] }),
        '/program',
      ),
  },
  {
    name: 'text relocations of a library',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so', {
        source: libraryInCode,
        flags: notext,
      });
      workshop.install(library, '/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'text relocations of a library that does not say so',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so', {
        source: libraryInCode,
        flags: notext,
      });
      // DT_TEXTREL becomes DT_DEBUG, DF_TEXTREL none.
      const silent = patched(patched(library, tag(22, 0), tag(21, 0)), tag(30, 4), tag(30, 0));
      workshop.install(silent, '/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'indirect functions of a program',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) =>
      workshop.install(workshop.program('musl', { source: indirect }), '/program'),
  },
  {
    name: 'a version that is not the default is not found',
    base: 'musl',
    ends: 'dies at start',
    make: oldVersionOnly,
  },
  {
    name: 'an object file in the place of a library',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so');
      const bytes = (type: number) =>
        Buffer.from([2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, type, 0, 62, 0]);
      workshop.install(patched(library, bytes(3), bytes(1)), '/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'a static program in the place of a library',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so');
      const program = workshop.program('musl', { flags: ['-static'] });
      workshop.install(program, '/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'a position-independent program in the place of a library',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so');
      const source = 'int answer(void) { return 42; } int main(void) { return 0; }';
      const program = workshop.program('musl', { source, flags: ['-pie', '-fPIE', '-rdynamic'] });
      workshop.install(program, '/lib/libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'a need without a name',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so', { soname: 'l' });
      const program = workshop.program('musl', { with: [library] });
      workshop.install(library, '/lib/l');
      workshop.install(patched(program, Buffer.from('\0l\0'), Buffer.from('\0\0\0')), '/program');
    },
  },
];

/** An entry of a dynamic section. */
function tag(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt(number));
  bytes.writeBigUInt64LE(BigInt(value), 8);
  return bytes;
}
