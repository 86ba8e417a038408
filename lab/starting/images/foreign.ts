import type { Entry } from './entries.ts';
import type { ImageSettings } from './image-case.ts';
import type { Lab } from './lab.ts';
import type { Machine } from './lab-roots.ts';
import { plainKind, recipeOf } from './program-kinds.ts';
import { libcFor } from './root-libc.ts';

const image: ImageSettings = { entrypoint: ['/opt/app'] };
const glibcLoader = '/lib64/ld-linux-x86-64.so.2';
const muslLoader = '/lib/ld-musl-x86_64.so.1';

/** Names that one of the libcs has and the other has not, or has since some version. */
const names = [
  'open64',
  'stat64',
  'pread64',
  'fopen64',
  'lseek64',
  'readdir64',
  'mmap64',
  'fcntl64',
  '__xstat64',
  '__fxstat64',
  'alphasort64',
  'ftello64',
  'glob64',
  'preadv64',
  'statvfs64',
  'tmpfile64',
  'posix_fadvise64',
  'getrlimit64',
  'prlimit64',
  'fallocate64',
  'sendfile64',
  'truncate64',
  'versionsort64',
  'creat64',
  'openat64',
  'scandir64',
  'nftw64',
  'lockf64',
  'mkostemps64',
  'fgetpos64',
  'freopen64',
  'aio_read64',
  'lio_listio64',
  'preadv64v2',
  'statfs64',
  'getdents64',
  'openat64_2',
  '__snprintf_chk',
  '__memcpy_chk',
  '__stack_chk_fail',
  '__isoc99_sscanf',
  '__isoc23_strtol',
  'gnu_get_libc_version',
  'backtrace',
  'secure_getenv',
  'mallinfo',
  'error',
  'obstack_free',
  'gettid',
  'reallocarray',
  'qsort_r',
  'preadv2',
  'statx',
  'memfd_create',
  'getrandom',
  'strlcpy',
  '__cxa_thread_atexit_impl',
  '__ctype_b_loc',
  '__errno_location',
  '__strdup',
  '__rawmemchr',
  'rawmemchr',
  'getcontext',
  'dlvsym',
  'dlinfo',
  'tcgetwinsize',
  'posix_getdents',
  'copy_file_range',
  'pthread_getname_np',
  'pthread_cond_clockwait',
  '_Fork',
  'wcsnlen',
  'ftime',
  'sysctl',
] as const;

/** A program for `libc` that calls a function of which only the name is known when it is linked. */
function calling(lab: Lab, libc: 'musl' | 'glibc', name: string, how: string): string {
  const { machine } = lab.base;
  // Both loaders have it, and ld does not mistake the stand-in for libc.
  const soname = libc === 'glibc' ? 'libm.so.6' : 'libm.so';
  const of = libc === 'musl' ? libcFor(lab.base) : libc;
  const stub = lab.compile({
    machine,
    libc: 'glibc',
    mode: 'lib',
    name: soname,
    source: `int ${name}() { return 0; }`,
    flags: ['-nostdlib', '-fno-builtin'],
  });
  const source = `
#include <unistd.h>
int ${name}() ${how === 'weak' ? '__attribute__((weak))' : ''};
volatile int never;
${how === 'address' ? `int (*volatile at)() = ${name};` : ''}
int main(void) {
  if (write(1, "started\\n", 8) != 8) return 1;
  ${how === 'call' ? `if (never) ${name}();` : how === 'weak' ? `if (never && ${name}) ${name}();` : ''}
  return 42;
}`;
  return lab.compile({
    machine,
    libc: of,
    mode: 'pie',
    source,
    with: [stub],
    flags: ['-fno-builtin'],
  });
}

export function foreignEntry(
  name: string,
  how: 'call' | 'address' | 'weak',
  from: 'musl' | 'glibc',
): Entry {
  return {
    name: `a program of ${from} with ${how === 'address' ? 'the address' : `a ${how}`} of ${name}`,
    image,
    apply(lab) {
      lab.install(calling(lab, from, name, how), '/opt/app');
      if (lab.base.libc !== from && from === 'glibc') lab.symlink(glibcLoader, muslLoader);
    },
  };
}

export const foreignNames = names;

/** Installs a program of another libc or machine. */
function foreign(libc: 'musl' | 'alpine' | 'glibc', machine: Machine, mode: 'pie' | 'static') {
  return (lab: Lab) => {
    const kind = { ...plainKind, mode };
    lab.install(
      lab.compile(recipeOf({ kind, machine, libc, calls: [], with: [], flags: [] })),
      '/opt/app',
    );
  };
}

/** One of the root's own libc and machine. */
function ownProgram(lab: Lab): void {
  foreign(lab.base.libc, lab.base.machine, 'pie')(lab);
}

/** It brings its own system calls, so that no 32-bit libc is needed to build it. */
function installNarrow(lab: Lab): void {
  const source = `
asm(".globl _start; _start: mov $4, %eax; mov $1, %ebx; mov $text, %ecx; mov $8, %edx; int $0x80;"
    "mov $1, %eax; mov $42, %ebx; int $0x80; .data; text: .ascii \\"started\\\\n\\"");`;
  const flags = ['-nostdlib', '-nostartfiles'];
  lab.install(
    lab.compile({ machine: 'i386', libc: 'glibc', mode: 'static', source, flags }),
    '/opt/app',
  );
}

/** Programs of x86-64 roots that are for another machine or libc than their root. */
export const foreignEntries: readonly Entry[] = [
  { name: 'a dynamic program of glibc', image, apply: foreign('glibc', 'x86_64', 'pie') },
  { name: 'a dynamic program of musl', image, apply: foreign('musl', 'x86_64', 'pie') },
  { name: 'a static program of aarch64', image, apply: foreign('glibc', 'aarch64', 'static') },
  { name: 'a dynamic program of aarch64', image, apply: foreign('glibc', 'aarch64', 'pie') },
  { name: 'a static program of i386', image, apply: installNarrow },
  { name: 'a static program of riscv64', image, apply: foreign('glibc', 'riscv64', 'static') },
  {
    name: 'a static program of x86-64 in an image labelled arm64',
    image: { ...image, architecture: 'arm64' },
    apply: foreign('glibc', 'x86_64', 'static'),
  },
  {
    name: 'a static program of aarch64 in an image labelled arm64',
    image: { ...image, architecture: 'arm64' },
    apply: foreign('glibc', 'aarch64', 'static'),
  },
  {
    name: 'a script in an image of x86-64 that is labelled arm64',
    image: { entrypoint: ['/bin/sh', '-c', 'echo started; exit 42'], architecture: 'arm64' },
    needsShell: true,
    apply: () => {},
  },
  {
    name: 'a static program of x86-64 in an image labelled 386',
    image: { ...image, architecture: '386' },
    apply: foreign('glibc', 'x86_64', 'static'),
  },
  {
    name: 'a dynamic program of x86-64 in an image labelled 386, without its loader',
    image: { ...image, architecture: '386' },
    apply(lab) {
      foreign('musl', 'x86_64', 'pie')(lab);
      lab.remove(muslLoader);
    },
  },
  {
    name: 'a dynamic program of x86-64 in an image labelled 386',
    image: { ...image, architecture: '386' },
    apply: ownProgram,
  },
  {
    name: 'a program of x86-64 in an image labelled 386, with the address of a function that nobody has',
    image: { ...image, architecture: '386' },
    apply(lab) {
      lab.install(calling(lab, lab.base.libc, 'nobody_has_it', 'address'), '/opt/app');
    },
  },
  {
    name: 'a program of x86-64 in an image labelled 386, which USER may not execute',
    image: { ...image, architecture: '386', user: '1000' },
    apply(lab) {
      ownProgram(lab);
      lab.chmod('/opt/app', 0o700);
    },
  },
  {
    name: 'a program of glibc, with a link from its loader to musl',
    image,
    apply(lab) {
      foreign('glibc', 'x86_64', 'pie')(lab);
      lab.symlink(glibcLoader, muslLoader);
    },
  },
  {
    name: 'a program of musl, with a link from its loader to glibc',
    image,
    apply(lab) {
      foreign('musl', 'x86_64', 'pie')(lab);
      lab.symlink(muslLoader, glibcLoader);
    },
  },
  {
    name: 'a program of glibc, with musl as its libc.so.6',
    image: { ...image, env: ['LD_LIBRARY_PATH=/srv'] },
    apply(lab) {
      foreign('glibc', 'x86_64', 'pie')(lab);
      lab.install(muslLoader, '/srv/libc.so.6');
    },
  },
];
