import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linkTo, type Thing, text } from '../../support/roots/root-builder.ts';
import {
  library,
  linkIn,
  muslLoader,
  muslPath,
  program,
  type SearchCase,
  summary,
  withLibraryPath,
} from './processes.ts';

const loader = { [muslPath]: muslLoader(['write', 'malloc']) };
const libc = 'libc.musl-x86_64.so.1';
const pathFile = '/etc/ld-musl-x86_64.path';

/** With another e_phentsize. */
function withHeaderSize({ bytes = Buffer.alloc(0), ...more }: Thing, size: number): Thing {
  const changed = Buffer.from(bytes);
  changed.writeUInt16LE(size, 54);
  return { ...more, bytes: changed };
}

const needsX = { '/bin/app': program('musl', { needed: ['libx.so', libc] }) };
const x = library('libx.so');

const searches: readonly SearchCase[] = [
  {
    name: 'is undecided about a library without the magic of ELF, which musl does not check',
    things: { ...needsX, '/lib/libx.so': { lacksMagic: true } },
    libraries: [],
    undecided: 1,
  },
  {
    name: 'is undecided about a folder below what runtimes mount',
    things: { ...needsX, '/srv/libx.so': x },
    libraryPath: '/proc/self/cwd',
    libraries: [],
    undecided: 1,
  },
  {
    name: 'is undecided about a link to what runtimes mount',
    things: { ...needsX, '/lib/libx.so': linkTo('/proc/self/cwd/libx.so') },
    libraries: [],
    undecided: 1,
  },
  {
    name: 'is undecided about a path file that is what runtimes mount',
    things: { ...needsX, [pathFile]: linkTo('/proc/self/environ') },
    libraries: [],
    undecided: 1,
  },
  {
    name: 'does not take a file whose program headers cannot be read',
    things: { ...needsX, '/lib/libx.so': withHeaderSize(library('libx.so'), 57) },
    missing: ['libx.so'],
  },
  {
    name: 'finds no library in a file of another kind',
    things: { ...needsX, '/lib/libx.so': {} },
    missing: ['libx.so'],
  },
  {
    name: 'takes /lib before /usr/local/lib and /usr/lib',
    things: { ...needsX, '/lib/libx.so': x, '/usr/local/lib/libx.so': x, '/usr/lib/libx.so': x },
    libraries: ['/lib/libx.so'],
  },
  {
    name: 'reads the path file by lines and colons',
    things: { ...needsX, [pathFile]: text('/a\n\n/b::/c\n'), '/c/libx.so': x },
    libraries: ['/c/libx.so'],
  },
  {
    name: 'leaves the default directories where a path file stands',
    things: { ...needsX, [pathFile]: text('/a'), '/lib/libx.so': x },
    missing: ['libx.so'],
  },
  {
    name: 'takes LD_LIBRARY_PATH first',
    things: { ...needsX, '/lib/libx.so': x, '/opt/libx.so': x },
    libraryPath: '/nowhere:/opt',
    libraries: ['/opt/libx.so'],
  },
  {
    name: 'leaves LD_LIBRARY_PATH aside in a setuid program',
    things: {
      '/bin/app': program('musl', { needed: ['libx.so', libc] }, { mode: 0o4755 }),
      '/opt/libx.so': x,
    },
    libraryPath: '/opt',
    missing: ['libx.so'],
  },
  {
    name: 'takes DT_RUNPATH where there is DT_RPATH too',
    things: {
      '/bin/app': program('musl', { needed: ['libx.so', libc], rpath: '/a', runpath: '/b' }),
      '/a/libx.so': x,
      '/b/libx.so': x,
    },
    libraries: ['/b/libx.so'],
  },
  {
    name: 'counts $ORIGIN of a library from the link by which it was opened',
    things: {
      '/bin/app': program('musl', { needed: ['liba.so', libc], runpath: '$ORIGIN/../farm' }),
      '/farm': linkTo('profiles/2'),
      '/profiles/2/liba.so': linkTo('/store/liba.so'),
      '/profiles/2/deps/libb.so': linkTo('../../../store/libb.so'),
      '/store/liba.so': library('liba.so', { needed: ['libb.so'], runpath: '$ORIGIN/deps' }),
      '/store/libb.so': library('libb.so'),
    },
    libraries: ['/store/liba.so', '/store/libb.so'],
  },
  {
    name: 'is undecided about what only a relative element might find',
    things: { '/bin/app': program('musl', { needed: ['libx.so', libc], runpath: 'lib' }) },
    undecided: 1,
  },
  {
    name: 'leaves a relative element aside where another directory has the library',
    things: {
      '/bin/app': program('musl', { needed: ['libx.so', libc], runpath: 'lib' }),
      '/lib/libx.so': x,
    },
    libraries: ['/lib/libx.so'],
  },
  {
    name: "answers itself for glibc's names",
    things: {
      '/bin/app': program('musl', { needed: ['libc.so.6', 'libm.so.6', 'libpthread.so.0'] }),
    },
  },
  {
    name: 'does not answer for libcrypt, libresolv and libgcc_s',
    things: {
      '/bin/app': program('musl', {
        needed: ['libcrypt.so.1', 'libresolv.so.2', 'libgcc_s.so.1', libc],
      }),
    },
    missing: ['libcrypt.so.1', 'libresolv.so.2', 'libgcc_s.so.1'],
  },
  {
    name: 'loads a second name of a loaded file once',
    things: {
      '/bin/app': program('musl', { needed: ['libx.so', 'liby.so', libc] }),
      '/lib/libx.so': x,
      '/lib/liby.so': linkTo('libx.so'),
    },
    libraries: ['/lib/libx.so'],
  },
  {
    name: 'asks every import, calls too, at start',
    things: {
      '/bin/app': program('musl', {
        needed: [libc],
        imports: ['stdout'],
        calls: ['write', 'qsort_r'],
      }),
    },
    missing: ['stdout', 'qsort_r'],
  },
  {
    name: 'pays no heed to versions',
    things: {
      '/bin/app': program('musl', { needed: ['libx.so', libc], imports: ['f@X_2'] }),
      '/lib/libx.so': library('libx.so', { exports: ['f@X_1'] }),
    },
    libraries: ['/lib/libx.so'],
  },
];

describe('musl', () => {
  it('takes a run path of more folders than a call has arguments', () => {
    const app = program('musl', { runpath: '/a:'.repeat(180_000), needed: ['libx.so'] });
    const { missingLibraries } = linkIn({ ...loader, '/bin/app': app }, '/bin/app');
    assert.deepEqual(
      missingLibraries.map(({ name }) => name),
      ['libx.so'],
    );
  });

  it('is not followed into more places than any program looks into', () => {
    const runpath = Array.from({ length: 1000 }, (_, at) => `/d${at}`).join(':');
    const needed = Array.from({ length: 300 }, (_, at) => `lib${at}.so`);
    const things = { ...loader, '/bin/app': program('musl', { runpath, needed }) };
    const { missingLibraries, undecided } = linkIn(things, '/bin/app');
    assert.deepEqual(undecided, ['it looks for libraries in more than 200000 places']);
    assert.ok(missingLibraries.length < needed.length);
  });

  for (const { name, things, libraryPath = '', ...want } of searches) {
    it(name, () => {
      const link = linkIn({ ...loader, ...things }, '/bin/app', withLibraryPath(libraryPath));
      assert.deepEqual(summary(link), { libraries: [], missing: [], undecided: 0, ...want });
    });
  }

  it('says where it looked', () => {
    const [missing] = linkIn({ ...loader, ...needsX }, '/bin/app').missingLibraries;
    assert.deepEqual(missing?.searched, ['/lib', '/usr/local/lib', '/usr/lib']);
  });
});
