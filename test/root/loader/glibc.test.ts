import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF_1, DT, EM } from '../../../src/elf/constants.ts';
import { linkTo, text } from '../../support/roots/root-builder.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  linkIn,
  program,
  releaseMessages,
  type SearchCase,
  summary,
  withLibraryPath,
} from './processes.ts';

const directories = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'];
const debian = {
  [glibcPath]: linkTo('/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'),
  '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': glibcLoader(
    directories,
    EM.X86_64,
    releaseMessages['2.36'],
  ),
};
const levels = '/lib/x86_64-linux-gnu/glibc-hwcaps';
const x = library('libx.so');
const other = library('libx.so', { machine: EM.AARCH64 });
const needsX = { '/bin/app': program('glibc', { needed: ['libx.so'] }) };

const cases: readonly SearchCase[] = [
  {
    name: 'is undecided about a folder below what runtimes mount',
    things: { ...needsX, '/srv/libx.so': x },
    libraryPath: '/proc/self/cwd',
    libraries: [],
    undecided: 1,
  },
  {
    name: 'is undecided about a link to what runtimes mount',
    things: { ...needsX, '/lib/libx.so': linkTo('../proc/self/cwd/libx.so') },
    libraries: [],
    undecided: 1,
  },
  {
    name: 'is undecided about a cache that is what runtimes mount',
    things: { ...needsX, '/etc/ld.so.cache': linkTo('/dev/shm/cache') },
    libraries: [],
    undecided: 1,
  },
  {
    name: 'searches the directories that its loader was built with',
    things: { ...needsX, '/usr/lib/x86_64-linux-gnu/libx.so': x, '/lib/libx.so': x },
    libraries: ['/usr/lib/x86_64-linux-gnu/libx.so'],
  },
  {
    name: 'finds nothing in /lib64 on Debian',
    things: { ...needsX, '/lib64/libx.so': x },
    missing: ['libx.so'],
  },
  {
    name: 'takes the cache before the directories',
    things: {
      ...needsX,
      '/etc/ld.so.cache': text(cacheOf([['libx.so', '/opt/libx.so', 0x0303]])),
      '/opt/libx.so': x,
      '/lib/libx.so': x,
    },
    libraries: ['/opt/libx.so'],
  },
  {
    name: "passes over a cache entry for another machine's processes",
    things: {
      ...needsX,
      '/etc/ld.so.cache': text(
        cacheOf([
          ['libx.so', '/opt/32/libx.so', 0x0003],
          ['libx.so', '/opt/64/libx.so', 0x0303],
        ]),
      ),
      '/opt/32/libx.so': x,
      '/opt/64/libx.so': x,
    },
    libraries: ['/opt/64/libx.so'],
  },
  {
    name: 'goes on to the directories where the cache is out of date',
    things: {
      ...needsX,
      '/etc/ld.so.cache': text(cacheOf([['libx.so', '/opt/libx.so', 0x0303]])),
      '/lib/libx.so': x,
    },
    libraries: ['/lib/libx.so'],
  },
  {
    name: 'takes a damaged cache for none',
    things: { ...needsX, '/etc/ld.so.cache': text('glibc-ld.so.cache1.1'), '/lib/libx.so': x },
    libraries: ['/lib/libx.so'],
  },
  {
    name: 'takes DT_RPATH before LD_LIBRARY_PATH',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], rpath: '/a' }),
      '/a/libx.so': x,
      '/b/libx.so': x,
    },
    libraryPath: '/b',
    libraries: ['/a/libx.so'],
  },
  {
    name: 'takes LD_LIBRARY_PATH, also with semicolons, before DT_RUNPATH',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], runpath: '/a' }),
      '/a/libx.so': x,
      '/b/libx.so': x,
    },
    libraryPath: '/c;/b',
    libraries: ['/b/libx.so'],
  },
  {
    name: 'passes over a library for another machine',
    things: { ...needsX, '/lib/x86_64-linux-gnu/libx.so': other, '/lib/libx.so': x },
    libraries: ['/lib/libx.so'],
  },
  {
    name: 'ends the search at a file that is not a library',
    things: { ...needsX, '/lib/x86_64-linux-gnu/libx.so': text('GROUP'), '/lib/libx.so': x },
    missing: ['libx.so'],
  },
  {
    name: 'leaves the default directories out with DF_1_NODEFLIB',
    things: {
      '/bin/app': program('glibc', {
        needed: ['libx.so'],
        dynamic: [[DT.FLAGS_1, DF_1.NODEFLIB]],
      }),
      '/lib/libx.so': x,
    },
    missing: ['libx.so'],
  },
  {
    name: 'knows its own loader by DT_SONAME and by PT_INTERP',
    things: { '/bin/app': program('glibc', { needed: ['ld-linux-x86-64.so.2', glibcPath] }) },
  },
  {
    name: 'is undecided about a directory for some processors only',
    things: { ...needsX, [`${levels}/x86-64-v3/libx.so`]: x },
    libraries: [`${levels}/x86-64-v3/libx.so`],
    undecided: 1,
  },
  {
    name: 'decides what is the same on every processor',
    things: { ...needsX, [`${levels}/x86-64-v3/libx.so`]: x, '/usr/lib/libx.so': x },
    libraries: ['/usr/lib/libx.so'],
  },
  {
    name: 'is undecided where only newer processors miss a symbol',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], imports: ['f'] }),
      [`${levels}/x86-64-v4/libx.so`]: x,
      '/lib/libx.so': library('libx.so', { exports: ['f'] }),
    },
    libraries: ['/lib/libx.so'],
    undecided: 1,
  },
  {
    name: 'takes what every processor of the last years has',
    things: { ...needsX, [`${levels}/x86-64-v2/libx.so`]: x },
    libraries: [`${levels}/x86-64-v2/libx.so`],
  },
  {
    name: 'gives $PLATFORM both values that it may have',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], runpath: `/opt/$${'{PLATFORM}'}` }),
      '/opt/x86_64/libx.so': x,
      '/opt/haswell/libx.so': x,
    },
    libraries: ['/opt/x86_64/libx.so'],
  },
  {
    name: 'is undecided about $PLATFORM of some processors',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], runpath: '/opt/$PLATFORM' }),
      '/opt/x86_64/libx.so': x,
    },
    libraries: ['/opt/x86_64/libx.so'],
    undecided: 1,
  },
  {
    name: 'is undecided about what a $PLATFORM or a relative element might find',
    things: { '/bin/app': program('glibc', { needed: ['libx.so'], runpath: 'lib:/$PLATFORM' }) },
    undecided: 1,
  },
  {
    name: 'dies at the first call of a function that nobody has',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], calls: ['f'] }),
      '/lib/libx.so': x,
    },
    libraries: ['/lib/libx.so'],
    missing: ['f (call)'],
  },
  {
    name: 'misses it at start under DF_1_NOW',
    things: {
      '/bin/app': program('glibc', {
        needed: ['libx.so'],
        calls: ['f'],
        dynamic: [[DT.FLAGS_1, DF_1.NOW]],
      }),
      '/lib/libx.so': x,
    },
    libraries: ['/lib/libx.so'],
    missing: ['f'],
  },
  {
    name: 'misses a version that the library does not define',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], imports: ['f@X_2'] }),
      '/lib/libx.so': library('libx.so', { exports: ['f@X_1'] }),
    },
    libraries: ['/lib/libx.so'],
    missing: ['X_2', 'f, version X_2'],
  },
  {
    name: 'dies of a library without versions of which one is required, and which has the name',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], imports: ['f@X_2'] }),
      '/lib/libx.so': library('libx.so', { exports: ['f'] }),
    },
    libraries: ['/lib/libx.so'],
    missing: ['f, version X_2'],
  },
  {
    name: 'gives an import without version any definition',
    things: {
      '/bin/app': program('glibc', { needed: ['libx.so'], imports: ['f'] }),
      '/lib/libx.so': library('libx.so', { exports: ['f@X_1'] }),
    },
    libraries: ['/lib/libx.so'],
  },
];

describe('glibc', () => {
  for (const { name, things, libraryPath = '', ...want } of cases) {
    it(name, () => {
      const link = linkIn({ ...debian, ...things }, '/bin/app', withLibraryPath(libraryPath));
      assert.deepEqual(summary(link), { libraries: [], missing: [], undecided: 0, ...want });
    });
  }

  for (const [path, content] of Object.entries({
    '/etc/ld.so.cache': cacheOf([['libx.so', '/opt/libx.so', 0x0303]]),
    '/etc/ld.so.preload': '/opt/liby.so',
  })) {
    it(`reads ${path} only where the user may`, () => {
      const librariesFor = (uid: number) => {
        const things = {
          ...debian,
          ...needsX,
          [path]: text(content, { mode: 0o600 }),
          '/opt/libx.so': x,
          '/opt/liby.so': library('liby.so'),
        };
        const link = linkIn(things, '/bin/app', { user: { uid, gid: uid, groups: [] } });
        return summary(link).libraries;
      };
      assert.equal(librariesFor(0).length, 1);
      assert.deepEqual(librariesFor(1000), []);
    });
  }

  it('is not followed into more places than any program looks into', () => {
    const runpath = Array.from({ length: 1000 }, (_, at) => `/d${at}`).join(':');
    const needed = Array.from({ length: 300 }, (_, at) => `lib${at}.so`);
    const things = { ...debian, '/bin/app': program('glibc', { runpath, needed }) };
    const { missingLibraries, undecided } = linkIn(things, '/bin/app');
    assert.deepEqual(undecided, ['it looks for libraries in more than 200000 places']);
    assert.ok(missingLibraries.length < needed.length);
  });

  it('searches /lib64 where its loader says so, as on Fedora', () => {
    const fedora = { [glibcPath]: glibcLoader(['/lib64', '/usr/lib64']) };
    const link = linkIn({ ...fedora, ...needsX, '/usr/lib64/libx.so': x }, '/bin/app');
    assert.deepEqual(summary(link).libraries, ['/usr/lib64/libx.so']);
  });

  it('survives libraries that need each other in a circle', () => {
    const link = linkIn(
      {
        ...debian,
        '/bin/app': program('glibc', { needed: ['liba.so'] }),
        '/lib/liba.so': library('liba.so', { needed: ['libb.so'] }),
        '/lib/libb.so': library('libb.so', { needed: ['liba.so', 'libb.so'] }),
      },
      '/bin/app',
    );
    assert.deepEqual(summary(link).libraries, ['/lib/liba.so', '/lib/libb.so']);
  });
});

/** /etc/ld.so.cache as ldconfig writes it, in latin1. */
function cacheOf(entries: readonly (readonly [name: string, path: string, flags: number])[]) {
  const start = 48 + 24 * entries.length;
  const table = Buffer.alloc(start);
  table.write('glibc-ld.so.cache1.1');
  table.writeUInt32LE(entries.length, 20);
  let strings = '';
  for (const [index, [name, path, flags]] of entries.entries()) {
    const at = 48 + 24 * index;
    table.writeUInt32LE(flags, at);
    table.writeUInt32LE(start + strings.length, at + 4);
    strings += `${name}\0`;
    table.writeUInt32LE(start + strings.length, at + 8);
    strings += `${path}\0`;
  }
  return table.toString('latin1') + strings;
}
