import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LibraryUse } from '../../../src/root/linkage/library-use.ts';
import { createLinker } from '../../../src/root/linkage/linkage.ts';
import { unknownContext } from '../../../src/root/loader/process/process-context.ts';
import { buildRoot, type Thing, type Things } from '../../support/roots/root-builder.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  muslLoader,
  muslPath,
  program,
} from '../loader/processes.ts';

const app = '/bin/app';
const muslLibc = 'libc.musl-x86_64.so.1';
const libraries: Things = {
  '/lib/libx.so': library('libx.so', { exports: ['frob', 'same'] }),
  '/lib/liby.so': library('liby.so', { needed: ['libx.so'], exports: ['bar', 'same'] }),
};
const musl: Things = { [muslPath]: muslLoader(['puts']), ...libraries };
const glibc: Things = {
  [glibcPath]: glibcLoader(['/lib/', '/usr/lib/']),
  '/lib/libv.so': library('libv.so', { exports: ['frob@V_1'] }),
  '/lib/libw.so': library('libw.so', { exports: ['frob@V_2'] }),
};

function useIn(things: Things, path = app) {
  const root = buildRoot(things);
  const entry = root.resolve(path);
  const extraction = root.extractions.get(entry?.elf ?? '');
  if (entry === undefined || extraction === undefined) throw new Error(`${path} is not there`);
  return createLinker(root, unknownContext).useOf(entry, extraction);
}

interface Case {
  readonly name: string;
  readonly things: Things;
  readonly app: Thing;
  readonly want: LibraryUse;
}

const unused = (...names: readonly string[]): LibraryUse => ({ unused: names, undeclared: [] });
const cases: readonly Case[] = [
  {
    name: 'each needed library gives a symbol',
    things: musl,
    app: program('musl', { needed: ['libx.so', muslLibc], imports: ['frob', 'puts'] }),
    want: unused(),
  },
  {
    name: 'one gives none',
    things: musl,
    app: program('musl', { needed: ['libx.so', muslLibc], imports: ['puts'] }),
    want: unused('libx.so'),
  },
  {
    name: 'the libc of musl is meant by any of its names',
    things: musl,
    app: program('musl', { needed: ['libm.so.6', muslLibc], imports: ['puts'] }),
    want: unused(),
  },
  {
    name: 'the first library that defines a symbol gives it',
    things: musl,
    app: program('musl', { needed: ['liby.so', 'libx.so'], imports: ['same'] }),
    want: unused('libx.so'),
  },
  {
    name: 'a library is there only because another needs it',
    things: musl,
    app: program('musl', { needed: ['liby.so', muslLibc], imports: ['bar', 'frob', 'puts'] }),
    want: {
      unused: [],
      undeclared: [{ path: '/lib/libx.so', count: 1, symbols: ['frob'] }],
    },
  },
  {
    name: 'a version decides between two libraries',
    things: glibc,
    app: program('glibc', { needed: ['libv.so', 'libw.so'], imports: ['frob@V_2'] }),
    want: unused('libv.so'),
  },
];

describe('the use of libraries', () => {
  for (const { name, things, app: thing, want } of cases)
    it(name, () => {
      assert.deepEqual(useIn({ ...things, [app]: thing }), { known: true, value: want });
    });

  it('is not known where a library is missing, or of a library', () => {
    const lacking = program('musl', { needed: ['libnone.so'], imports: ['frob'] });
    for (const found of [useIn({ ...musl, [app]: lacking }), useIn(musl, '/lib/liby.so')])
      assert.equal(found.known, false);
  });
});
