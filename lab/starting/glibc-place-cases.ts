import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { glibcDirectory } from './base-roots.ts';
import { casesFor, type ReleaseCase, since } from './ends-by-release.ts';
import type { StartingCase } from './starting-case.ts';
import type { Glibc, Workshop } from './workshop.ts';

const runPath = (path: string) => `-Wl,--enable-new-dtags,-rpath,${path}`;
const system = glibcDirectory();

/** A program that needs libx.so, which lies at each of the places. */
function at(places: readonly string[], flags: readonly string[] = []) {
  return (workshop: Workshop, libc: Glibc) => {
    const library = workshop.library(libc, 'libx.so');
    for (const place of places) workshop.install(library, place);
    workshop.install(workshop.program(libc, { with: [library], flags }), '/program');
  };
}

/** libx.so has lost what the program calls; libmore.so has it. */
function lost(flags: readonly string[], after: (workshop: Workshop) => void = () => {}) {
  return (workshop: Workshop, libc: Glibc) => {
    const library = workshop.library(libc, 'libx.so');
    const source = 'int question(void) { return 42; }';
    workshop.install(workshop.library(libc, 'libx.so', { source }), '/usr/lib/libx.so');
    workshop.install(workshop.library(libc, 'libmore.so'), '/opt/libmore.so');
    workshop.install(workshop.program(libc, { with: [library], flags }), '/program');
    after(workshop);
  };
}

/** libx.so in /usr/local/lib and a cache that knows it. */
function cached(flags: readonly string[], after: (workshop: Workshop) => void) {
  return (workshop: Workshop, libc: Glibc) => {
    at(['/usr/local/lib/libx.so'], flags)(workshop, libc);
    writeCache(workshop);
    after(workshop);
  };
}

function writeCache(workshop: Workshop, format = 'new', folder = '/usr/local/lib'): void {
  workshop.write('/etc/ld.so.conf', `${folder}\n`);
  execFileSync('/sbin/ldconfig', ['-r', workshop.root, '-c', format], { stdio: 'pipe' });
}

const cases: readonly ReleaseCase[] = [
  {
    name: 'LD_PRELOAD brings the function that the library has lost',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/opt/libmore.so'] },
    make: lost(['-Wl,-z,now']),
  },
  {
    name: 'LD_PRELOAD names a library that is not there',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/nowhere.so libnowhere.so'] },
    make: at(['/usr/lib/libx.so']),
  },
  {
    name: 'LD_PRELOAD names a text',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/opt/text'] },
    make(workshop, libc) {
      at(['/usr/lib/libx.so'])(workshop, libc);
      workshop.write('/opt/text', 'text');
    },
  },
  {
    name: 'LD_PRELOAD names a library that needs one that is not there',
    ends: 'dies at start',
    context: { environment: ['LD_PRELOAD=/opt/libmore.so'] },
    make(workshop, libc) {
      const missing = workshop.library(libc, 'libmissing.so', { source: 'int missing;' });
      const more = workshop.library(libc, 'libmore.so', { source: 'int m;', with: [missing] });
      workshop.install(more, '/opt/libmore.so');
      at(['/usr/lib/libx.so'])(workshop, libc);
    },
  },
  {
    name: 'LD_PRELOAD does not split at newlines',
    ends: 'dies at start',
    context: { environment: ['LD_PRELOAD=\n/opt/libmore.so'] },
    make: lost(['-Wl,-z,now']),
  },
  {
    name: '/etc/ld.so.preload brings the function that the library has lost',
    ends: 'starts',
    make: lost(['-Wl,-z,now'], (workshop) =>
      workshop.write('/etc/ld.so.preload', '# more\n/nowhere.so:/opt/libmore.so # enough\n'),
    ),
  },
  {
    name: '/etc/ld.so.preload behind a link',
    ends: 'starts',
    make: lost(['-Wl,-z,now'], (workshop) => {
      workshop.write('/opt/ld.so.preload', '/opt/libmore.so');
      workshop.link('/etc/ld.so.preload', '../opt/ld.so.preload');
    }),
  },
  {
    name: 'a comment in /etc/ld.so.preload',
    ends: 'dies at start',
    make: lost(['-Wl,-z,now'], (workshop) =>
      workshop.write('/etc/ld.so.preload', '#/opt/libmore.so\n'),
    ),
  },
  {
    name: 'LD_BIND_NOW binds what would be bound at the first call',
    ends: 'dies at start',
    context: { environment: ['LD_BIND_NOW=1'] },
    make: lost(['-Wl,-z,lazy']),
  },
  {
    name: 'an empty LD_BIND_NOW',
    ends: 'dies at the first call',
    context: { environment: ['LD_BIND_NOW='] },
    make: lost(['-Wl,-z,lazy']),
  },
  {
    name: 'LD_TRACE_LOADED_OBJECTS keeps every program from running',
    ends: 'dies at start',
    context: { environment: ['LD_TRACE_LOADED_OBJECTS=0'] },
    make: at(['/usr/lib/libx.so']),
  },
  {
    name: 'LD_LIBRARY_PATH with $ORIGIN and a semicolon',
    ends: 'starts',
    context: { environment: ['LD_LIBRARY_PATH=/nowhere;$ORIGIN/opt'] },
    make: at(['/opt/libx.so']),
  },
  {
    name: 'a relative run path, from the working directory',
    ends: 'starts',
    context: { workingDirectory: '/opt' },
    make: at(['/opt/lib/libx.so'], [runPath('lib')]),
  },
  {
    name: 'a library for x86-64-v2 alone',
    ends: since('bookworm', 'dies at start', 'starts'),
    make: at(['/opt/glibc-hwcaps/x86-64-v2/libx.so'], [runPath('/opt')]),
  },
  {
    name: 'a library for x86-64-v3 and one for all',
    ends: 'starts',
    make: at(['/opt/glibc-hwcaps/x86-64-v3/libx.so', '/opt/libx.so'], [runPath('/opt')]),
  },
  {
    name: 'a library in the subdirectory tls',
    ends: since('trixie', 'starts', 'dies at start'),
    make: at([`${system}/tls/libx.so`]),
  },
  {
    name: 'a library in the subdirectory x86_64',
    ends: since('trixie', 'starts', 'dies at start'),
    make: at(['/opt/x86_64/libx.so'], [runPath('/opt')]),
  },
  {
    name: 'a library in the subdirectory x86_64/tls',
    ends: 'dies at start',
    make: at(['/opt/x86_64/tls/libx.so'], [runPath('/opt')]),
  },
  {
    name: 'a text for x86-64-v2 ends the search',
    ends: since('bookworm', 'starts', 'dies at start'),
    make(workshop, libc) {
      at(['/opt/libx.so'], [runPath('/opt')])(workshop, libc);
      workshop.write('/opt/glibc-hwcaps/x86-64-v2/libx.so', 'text');
    },
  },
  {
    name: 'a cache behind a link',
    ends: 'starts',
    make: cached([], ({ root, link }) => {
      renameSync(join(root, 'etc/ld.so.cache'), join(root, 'opt/ld.so.cache'));
      link('/etc/ld.so.cache', '/opt/ld.so.cache');
    }),
  },
  {
    name: 'a cache of both formats',
    ends: 'starts',
    make: cached([], (workshop) => writeCache(workshop, 'compat')),
  },
  {
    name: 'a cache with more entries than bytes',
    ends: 'dies at start',
    make: cached([], ({ root }) => {
      const bytes = readFileSync(join(root, 'etc/ld.so.cache'));
      bytes.writeUInt32LE(0xffff, 20);
      writeFileSync(join(root, 'etc/ld.so.cache'), bytes);
    }),
  },
  {
    name: 'a cache that says big-endian',
    ends: 'dies at start',
    make: cached([], ({ root }) => {
      const bytes = readFileSync(join(root, 'etc/ld.so.cache'));
      bytes.writeUInt8(3, 28);
      writeFileSync(join(root, 'etc/ld.so.cache'), bytes);
    }),
  },
  {
    name: 'a cache that begins with something else',
    ends: 'dies at start',
    make: cached([], ({ root }) => {
      const bytes = readFileSync(join(root, 'etc/ld.so.cache'));
      writeFileSync(join(root, 'etc/ld.so.cache'), Buffer.concat([Buffer.alloc(16), bytes]));
    }),
  },
  {
    name: 'a cache that knows the library for x86-64-v2 only',
    ends: since('bookworm', 'dies at start', 'starts'),
    make(workshop, libc) {
      at(['/usr/local/lib/glibc-hwcaps/x86-64-v2/libx.so'])(workshop, libc);
      writeCache(workshop);
    },
  },
  {
    name: '-z nodefaultlib: a cached path below a directory of the system does not count',
    ends: 'dies at start',
    make(workshop, libc) {
      const flags = ['-Wl,-z,nodefaultlib', runPath(system)];
      at(['/usr/lib/app/libx.so'], flags)(workshop, libc);
      writeCache(workshop, 'new', '/usr/lib/app');
    },
  },
  {
    name: '-z nodefaultlib: another cached path counts',
    ends: 'starts',
    make: cached(['-Wl,-z,nodefaultlib', runPath(system)], () => {}),
  },
  {
    name: 'a loop of links in a directory of the system ends the search',
    ends: 'dies at start',
    make(workshop, libc) {
      at(['/usr/lib/libx.so'])(workshop, libc);
      workshop.link(`${system}/libx.so`, 'libx.so');
    },
  },
  {
    name: 'a loop of links ends the run path',
    ends: 'dies at start',
    make(workshop, libc) {
      at(['/srv/libx.so'], [runPath('/opt:/srv')])(workshop, libc);
      workshop.link('/opt/libx.so', 'libx.so');
    },
  },
  {
    name: 'a library that the user may not read is passed over',
    ends: 'starts',
    context: { user: '1000:1000' },
    make(workshop, libc) {
      at(['/usr/lib/libx.so'], [runPath('/opt')])(workshop, libc);
      workshop.install(join(workshop.root, 'usr/lib/libx.so'), '/opt/libx.so', 0o600);
    },
  },
];

/** Where glibc's loader of a release finds libraries, and what is loaded in addition to what the program needs. */
export function glibcPlaceCases(libc: Glibc): readonly StartingCase[] {
  return casesFor(cases, libc);
}
