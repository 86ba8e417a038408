import { sampleBinary } from '../../test/support/verdicts/verdicts-of.ts';
import type { EntrypointCase, EntrypointConfig } from './entrypoint-case.ts';
import { i386Program } from './i386-program.ts';
import { asksLibrary, type Programs } from './programs.ts';

/** AArch64: the cases are for x86-64. */
const foreignProgram = sampleBinary('aarch64-musl-gcc-static-none-stripped');

type Make = NonNullable<EntrypointCase['make']>;

function app(
  name: string,
  bases: EntrypointCase['bases'],
  make: Make,
  config: EntrypointConfig = {},
): EntrypointCase {
  return { name, bases, config: { Entrypoint: ['/app'], ...config }, make };
}

/** A program of musl that is alone, after a change of its bytes. */
function changed(name: string, change: (program: Buffer) => Buffer): EntrypointCase {
  return app(name, ['scratch'], (files, programs) =>
    files.file('/app', change(Buffer.from(programs.static()))),
  );
}

function written(program: Buffer, at: number, ...bytes: readonly number[]): Buffer {
  Buffer.from(bytes).copy(program, at);
  return program;
}

const machines: readonly EntrypointCase[] = [
  app('a program of musl that is alone', ['scratch'], (files, programs) =>
    files.file('/app', programs.static()),
  ),
  app('a program of glibc that is alone', ['scratch'], (files, programs) =>
    files.file('/app', programs.program('gcc', { flags: ['-static'] })),
  ),
  app('a program of glibc that is alone, with -static-pie', ['scratch'], (files, programs) =>
    files.file('/app', programs.program('gcc', { flags: ['-static-pie'] })),
  ),
  app(
    'a program for another machine that is alone',
    ['scratch', 'alpine-3.20'],
    (files, _programs) => files.file('/app', foreignProgram),
  ),
  app('a program for another machine', ['glibc'], (files) =>
    files.file('/app', sampleBinary('aarch64-glibc-gcc-pie-hardened')),
  ),
  app('an interpreter for another machine', ['debian'], (files, _programs) => {
    files.file('/app', '#!/interpreter\n');
    files.file('/interpreter', foreignProgram);
  }),
  changed('a program cut in the ELF header', (program) => program.subarray(0, 40)),
  changed('a program cut in its program headers', (program) => program.subarray(0, 100)),
  changed('a program cut in its first segment', (program) => program.subarray(0, 1024)),
  changed('a program cut in half', (program) => program.subarray(0, program.length / 2)),
  changed('a program of the other byte order', (program) => written(program, 5, 2)),
  changed('a program of 32 bits by its class alone', (program) => written(program, 4, 1)),
  changed('a program whose machine is another', (program) => written(program, 18, 0xf3)),
  changed('a program of an unknown version of ELF', (program) => written(program, 6, 9)),
  changed('a program that calls itself an object file', (program) => written(program, 16, 1)),
  changed('a program that calls itself a core file', (program) => written(program, 16, 4)),
  changed('a program without program headers', (program) => written(program, 56, 0, 0)),
  changed('a program whose program headers have another size', (program) =>
    written(program, 54, 32, 0),
  ),
  changed('a program of another operating system by its mark', (program) => written(program, 7, 9)),
  changed('a program that begins at nothing', (program) =>
    written(program, 24, 0, 0, 0, 0, 0, 0, 0, 0),
  ),
  app('a library that is started', ['musl'], (files, programs) =>
    files.file('/app', programs.library('musl-gcc', 'libanswer.so').content),
  ),
  app('an object file', ['scratch'], (files, programs) =>
    files.file('/app', programs.static({ flags: ['-r', '-nostdlib'] })),
  ),
];

const loaders: readonly EntrypointCase[] = [
  app('a program of musl', ['musl', 'alpine-3.20', 'alpine-3.10'], (files, programs) =>
    files.file('/app', programs.program('musl-gcc')),
  ),
  app('a program of glibc', ['glibc', 'debian'], (files, programs) =>
    files.file('/app', programs.program('gcc')),
  ),
  app('a program of glibc where there is musl', ['musl', 'alpine-3.20'], (files, programs) =>
    files.file('/app', programs.program('gcc')),
  ),
  app('a program of musl where there is glibc', ['glibc', 'debian'], (files, programs) =>
    files.file('/app', programs.program('musl-gcc')),
  ),
  app('a program of a loader in an empty image', ['scratch'], (files, programs) =>
    files.file('/app', programs.program('gcc')),
  ),
  ...relative('a relative loader from /', {}),
  ...relative('a relative loader from another folder', { WorkingDir: '/tmp' }),
  ...relative(
    'a relative loader from its folder',
    { WorkingDir: '/opt', Entrypoint: ['/app'] },
    'loader',
  ),
  loader('a loader of 0644', (files, _programs, musl) =>
    files.file('/opt/loader', musl, { mode: 0o644 }),
  ),
  loader('a loader that is a directory', (files) => files.directory('/opt/loader')),
  loader('a loader that is a text', (files) => files.file('/opt/loader', 'text\n'.repeat(100))),
  loader('a loader that is a script', (files) =>
    files.file('/opt/loader', `#!/bin/sh\n${'#'.repeat(100)}\n`),
  ),
  loader('a loader that is empty', (files) => files.file('/opt/loader', '')),
  loader('a loader that is a link', (files) =>
    files.link('/opt/loader', '../lib/ld-musl-x86_64.so.1'),
  ),
  loader('a loader that is a link to nothing', (files) => files.link('/opt/loader', 'nowhere')),
  loader('a loader that is a loop of links', (files) => files.link('/opt/loader', 'loader')),
  loader('a loader for another machine', (files, _programs) =>
    files.file('/opt/loader', foreignProgram),
  ),
  {
    ...loader('a loader that is a program of its own', (files, programs) =>
      files.file('/opt/loader', programs.static()),
    ),
    undecided: 'what such a program does with the one that requires it is not known',
  },
];

function relative(
  name: string,
  config: EntrypointConfig,
  loaderPath = 'lib/ld-musl-x86_64.so.1',
): EntrypointCase[] {
  const make: Make = (files, programs) => {
    files.link('/opt/loader', '/lib/ld-musl-x86_64.so.1');
    files.file(
      '/app',
      programs.program('musl-gcc', { flags: [`-Wl,--dynamic-linker=${loaderPath}`] }),
    );
  };
  return [app(name, ['musl'], make, config)];
}

function loader(
  name: string,
  make: (files: Parameters<Make>[0], programs: Programs, musl: Buffer) => void,
): EntrypointCase {
  return app(name, ['musl'], (files, programs) => {
    files.file(
      '/app',
      programs.program('musl-gcc', { flags: ['-Wl,--dynamic-linker=/opt/loader'] }),
    );
    make(files, programs, programs.static());
  });
}

/** A program with one library, for both libcs. */
function linked(
  name: string,
  place: (
    files: Parameters<Make>[0],
    library: Buffer,
    programs: Programs,
    compiler: 'musl-gcc' | 'gcc',
  ) => void,
  config: EntrypointConfig = {},
): EntrypointCase[] {
  return (['musl', 'glibc'] as const).map((base) => {
    const compiler = base === 'musl' ? 'musl-gcc' : 'gcc';
    return app(
      name,
      [base],
      (files, programs) => {
        const library = programs.library(compiler, 'libanswer.so');
        files.file(
          '/app',
          programs.program(compiler, { code: asksLibrary, with: [library], flags: ['-Wl,-z,now'] }),
        );
        place(files, library.content, programs, compiler);
      },
      config,
    );
  });
}

const libraries: readonly EntrypointCase[] = [
  ...linked('a library in its folder', (files, library) =>
    files.file('/usr/lib/libanswer.so', library),
  ),
  ...linked('a library that is not there', () => undefined),
  ...linked('a library that is a link to nothing', (files) =>
    files.link('/usr/lib/libanswer.so', 'libanswer.so.1'),
  ),
  ...linked('a library that lacks a symbol', (files, _library, programs, compiler) =>
    files.file(
      '/usr/lib/libanswer.so',
      programs.library(compiler, 'libanswer.so', { code: 'int other(void) { return 1; }' }).content,
    ),
  ),
  ...linked('a library for another machine', (files, _library, _programs) =>
    files.file('/usr/lib/libanswer.so', sampleBinary('aarch64-musl-gcc-lib-hardened')),
  ),
  ...linked('a library that is a text', (files) =>
    files.file('/usr/lib/libanswer.so', 'INPUT(libother.so)\n'),
  ),
  ...linked(
    'a library elsewhere, and LD_LIBRARY_PATH',
    (files, library) => files.file('/opt/lib/libanswer.so', library),
    {
      Env: ['LD_LIBRARY_PATH=/opt/lib'],
    },
  ),
  ...linked(
    'a library elsewhere, and LD_LIBRARY_PATH of another folder',
    (files, library) => files.file('/opt/lib/libanswer.so', library),
    {
      Env: ['LD_LIBRARY_PATH=/opt/other'],
    },
  ),
  ...linked(
    'a library elsewhere, and a relative LD_LIBRARY_PATH',
    (files, library) => files.file('/opt/lib/libanswer.so', library),
    {
      Env: ['LD_LIBRARY_PATH=lib'],
      WorkingDir: '/opt',
    },
  ),
  ...linked(
    'a library that is worse in LD_LIBRARY_PATH',
    (files, library, programs, compiler) => {
      files.file('/usr/lib/libanswer.so', library);
      files.file(
        '/opt/lib/libanswer.so',
        programs.library(compiler, 'libanswer.so', { code: 'int other(void) { return 1; }' })
          .content,
      );
    },
    { Env: ['LD_LIBRARY_PATH=/opt/lib'] },
  ),
  ...linked(
    'a library by LD_PRELOAD',
    (files, library) => files.file('/opt/lib/libanswer.so', library),
    {
      Env: ['LD_PRELOAD=/opt/lib/libanswer.so'],
    },
  ),
  ...linked(
    'LD_PRELOAD that is not there',
    (files, library) => files.file('/usr/lib/libanswer.so', library),
    {
      Env: ['LD_PRELOAD=/opt/lib/nowhere.so'],
    },
  ),
  ...linked(
    'LD_PRELOAD that lacks a symbol',
    (files, library, programs, compiler) => {
      files.file('/usr/lib/libanswer.so', library);
      const code = 'int nowhere(void); int (*volatile at)(void) = nowhere;';
      files.file('/opt/lib/pre.so', programs.library(compiler, 'pre.so', { code }).content);
    },
    { Env: ['LD_PRELOAD=/opt/lib/pre.so'] },
  ),
  ...linked(
    'a relative run path from its folder',
    (files, library, programs, compiler) => {
      const made = { name: 'libanswer.so', content: library };
      files.file(
        '/app',
        programs.program(compiler, { code: asksLibrary, with: [made], flags: ['-Wl,-rpath,lib'] }),
      );
      files.file('/opt/lib/libanswer.so', library);
    },
    { WorkingDir: '/opt' },
  ),
  ...linked(
    'a relative run path from another folder',
    (files, library, programs, compiler) => {
      const made = { name: 'libanswer.so', content: library };
      files.file(
        '/app',
        programs.program(compiler, { code: asksLibrary, with: [made], flags: ['-Wl,-rpath,lib'] }),
      );
      files.file('/opt/lib/libanswer.so', library);
    },
    { WorkingDir: '/tmp' },
  ),
];

/** Runs by x86-64 kernels, as nearly all that run such images are. */
const ofI386: readonly EntrypointCase[] = [
  app('a program of i386', ['scratch', 'glibc'], (files) => files.file('/app', i386Program())),
  {
    ...app('a program of i386 in an image for 386', ['scratch'], (files) =>
      files.file('/app', i386Program()),
    ),
    architecture: '386',
  },
  {
    ...app('a script of i386 in an image for 386', ['scratch'], (files) => {
      files.file('/interpreter', i386Program());
      files.file('/app', '#!/interpreter\n');
    }),
    architecture: '386',
  },
  {
    ...app('a program of i386 whose loader is not there', ['scratch', 'glibc'], (files) =>
      files.file('/app', i386Program('/lib/ld-linux.so.2')),
    ),
    architecture: '386',
  },
  {
    ...app('a program of x86-64 in an image for 386', ['scratch'], (files, programs) =>
      files.file('/app', programs.static()),
    ),
    architecture: '386',
  },
];

/** Of a static glibc, which opens libraries of its own release for what it does not look up itself. */
const looksUp = `
#include <netdb.h>
#include <pwd.h>
#include <unistd.h>
int main(void) {
  struct addrinfo *found = 0;
  getpwnam("somebody");
  getaddrinfo("localhost", "80", 0, &found);
  return write(1, "started\\n", 8) == 8 ? 0 : 1;
}`;

const namesAndHosts: readonly EntrypointCase[] = [
  app(
    'a static glibc that looks up a user and a host',
    ['scratch', 'glibc', 'debian'],
    (files, programs) =>
      files.file('/app', programs.program('gcc', { code: looksUp, flags: ['-static'] })),
  ),
  app('a static glibc that an option sends elsewhere', ['scratch'], (files, programs) => {
    files.file('/app', programs.program('gcc', { code: looksUp, flags: ['-static'] }));
    files.file('/etc/nsswitch.conf', 'passwd: compat systemd\nhosts: mymachines resolve\n');
  }),
];

export const programCases: readonly EntrypointCase[] = [
  ...machines,
  ...loaders,
  ...libraries,
  ...ofI386,
  ...namesAndHosts,
];
