import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { glibcDirectory } from './base-roots.ts';
import type { StartingCase } from './starting-case.ts';
import type { Workshop } from './workshop.ts';

function withLibrary(
  path: string,
  flags: readonly string[] = [],
  program = '/program',
  mode = 0o755,
) {
  return (workshop: Workshop) => {
    const library = workshop.library('glibc', 'libx.so');
    workshop.install(library, path);
    workshop.install(workshop.program('glibc', { with: [library], flags }), program, mode);
  };
}

const runPath = (path: string) => `-Wl,--enable-new-dtags,-rpath,${path}`;
const oldRunPath = (path: string) => `-Wl,--disable-new-dtags,-rpath,${path}`;

/** Program -> liba -> libb, both in /opt/lib. */
function chain(programFlags: readonly string[], flagsOfA: readonly string[] = []) {
  return (workshop: Workshop) => {
    const b = workshop.library('glibc', 'libb.so', { source: 'int inner(void) { return 42; }' });
    const source = 'int inner(void); int answer(void) { return inner(); }';
    const a = workshop.library('glibc', 'liba.so', { source, with: [b], flags: flagsOfA });
    workshop.install(b, '/opt/lib/libb.so');
    workshop.install(a, '/opt/lib/liba.so');
    workshop.install(workshop.program('glibc', { with: [a], flags: programFlags }), '/program');
  };
}

/** /usr/local/lib in /etc/ld.so.conf, and the cache that ldconfig makes of it. */
function cached(after: (workshop: Workshop) => void) {
  return (workshop: Workshop) => {
    withLibrary('/usr/local/lib/libx.so')(workshop);
    workshop.write('/etc/ld.so.conf', '/usr/local/lib\n');
    execFileSync('/sbin/ldconfig', ['-r', workshop.root], { stdio: 'pipe' });
    after(workshop);
  };
}

/** A 32-bit library of the same name. */
function narrow(workshop: Workshop): string {
  const flags = ['-m32', '-nostdlib', '-fno-pic'];
  return workshop.library('glibc', 'libx.so', { flags });
}

/** Where glibc looks for libraries. */
export const glibcSearchCases: readonly StartingCase[] = [
  {
    name: 'a program that needs nothing but glibc',
    base: 'glibc',
    ends: 'starts',
    make: (workshop) => workshop.install(workshop.program('glibc'), '/program'),
  },
  {
    name: "a library next to glibc's own",
    base: 'glibc',
    ends: 'starts',
    make: (workshop) => withLibrary(`${glibcDirectory()}/libx.so`)(workshop),
  },
  {
    name: 'a library in /usr/lib',
    base: 'glibc',
    ends: 'starts',
    make: withLibrary('/usr/lib/libx.so'),
  },
  {
    name: 'a library in /usr/local/lib without a cache',
    base: 'glibc',
    ends: 'dies at start',
    make: withLibrary('/usr/local/lib/libx.so'),
  },
  {
    name: 'a library in /usr/local/lib that the cache knows',
    base: 'glibc',
    ends: 'starts',
    make: cached(() => {}),
  },
  {
    name: '/etc/ld.so.conf alone does nothing',
    base: 'glibc',
    ends: 'dies at start',
    make: cached(({ root }) => rmSync(join(root, 'etc/ld.so.cache'))),
  },
  {
    name: 'a cache that names a library which is gone',
    base: 'glibc',
    ends: 'dies at start',
    make: cached(({ root }) => rmSync(join(root, 'usr/local/lib/libx.so'))),
  },
  {
    name: 'DT_RPATH is inherited along the chain',
    base: 'glibc',
    ends: 'starts',
    make: chain([oldRunPath('/opt/lib')]),
  },
  {
    name: 'DT_RUNPATH is not inherited',
    base: 'glibc',
    ends: 'dies at start',
    make: chain([runPath('/opt/lib')]),
  },
  {
    name: "a library's DT_RUNPATH shuts out the DT_RPATH of its program",
    base: 'glibc',
    ends: 'dies at start',
    make: chain([oldRunPath('/opt/lib')], [runPath('/nowhere')]),
  },
  {
    name: '$ORIGIN',
    base: 'glibc',
    ends: 'starts',
    program: '/opt/app/bin/program',
    make: withLibrary('/opt/app/lib/libx.so', [runPath('$ORIGIN/../lib')], '/opt/app/bin/program'),
  },
  {
    name: '$ORIGIN of a program that is started through a link',
    base: 'glibc',
    ends: 'starts',
    make: (workshop) => {
      withLibrary('/opt/app/libx.so', [runPath('$ORIGIN')], '/opt/app/program')(workshop);
      workshop.link('/program', '/opt/app/program');
    },
  },
  {
    name: '$LIB',
    base: 'glibc',
    ends: 'starts',
    make: (workshop) =>
      withLibrary(`/opt${glibcDirectory()}/libx.so`, [runPath('/opt/$LIB')])(workshop),
  },
  {
    name: 'a `$` before an unknown word stays as it is',
    base: 'glibc',
    ends: 'starts',
    make: withLibrary('/opt/$OTHER/libx.so', [runPath('/opt/$OTHER')]),
  },
  {
    name: '$ORIGIN of a setuid program is void',
    base: 'glibc',
    ends: 'dies at start',
    program: '/opt/program',
    needsRoot: true,
    make: withLibrary('/opt/libx.so', [runPath('$ORIGIN')], '/opt/program', 0o4755),
  },
  {
    name: '$ORIGIN of a setuid program below /usr/lib is trusted',
    base: 'glibc',
    ends: 'starts',
    program: '/usr/lib/app/program',
    needsRoot: true,
    make: withLibrary('/usr/lib/app/libx.so', [runPath('$ORIGIN')], '/usr/lib/app/program', 0o4755),
  },
  {
    name: 'an absolute run path of a setuid program counts',
    base: 'glibc',
    ends: 'starts',
    needsRoot: true,
    make: withLibrary('/opt/libx.so', [runPath('/opt')], '/program', 0o4755),
  },
  {
    name: 'empty elements before the right one',
    base: 'glibc',
    ends: 'starts',
    make: withLibrary('/opt/lib/libx.so', [runPath(':/opt/lib')]),
  },
  {
    name: 'a library for another machine is passed over',
    base: 'glibc',
    ends: 'starts',
    make: (workshop) => {
      withLibrary('/usr/lib/libx.so', [runPath('/opt')])(workshop);
      workshop.install(narrow(workshop), '/opt/libx.so');
    },
  },
  {
    name: 'there is only a library for another machine',
    base: 'glibc',
    ends: 'dies at start',
    make: (workshop) => {
      withLibrary('/nowhere/libx.so')(workshop);
      workshop.install(narrow(workshop), '/usr/lib/libx.so');
    },
  },
  {
    name: 'a text file in place of the library ends the search',
    base: 'glibc',
    ends: 'dies at start',
    make: (workshop) => {
      withLibrary('/usr/lib/libx.so', [runPath('/opt')])(workshop);
      workshop.write('/opt/libx.so', 'GROUP ( libx.so.1 )\n');
    },
  },
  {
    name: 'a program linked with -z nodefaultlib finds not even libc',
    base: 'glibc',
    ends: 'dies at start',
    make: withLibrary('/usr/lib/libx.so', ['-Wl,-z,nodefaultlib']),
  },
  {
    name: 'a need with $ORIGIN',
    base: 'glibc',
    ends: 'starts',
    program: '/opt/program',
    make: (workshop) => {
      const library = workshop.library('glibc', 'libx.so', { soname: '$ORIGIN/libx.so' });
      workshop.install(library, '/opt/libx.so');
      workshop.install(workshop.program('glibc', { with: [library] }), '/opt/program');
    },
  },
  {
    name: 'a library is known by its DT_SONAME',
    base: 'glibc',
    ends: 'starts',
    make: (workshop) => {
      const library = workshop.library('glibc', 'libreal.so');
      const asked = workshop.library('glibc', 'libx.so', { soname: '/opt/libx.so' });
      workshop.install(library, '/opt/libx.so');
      workshop.install(workshop.program('glibc', { with: [asked, library] }), '/program');
    },
  },
];
