import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linkTo, text } from '../../support/roots/root-builder.ts';
import { verdictIn } from '../../support/verdicts/verdict-in-root.ts';
import {
  library,
  linkageIn,
  program,
  type SearchCase,
  summary,
  withLibraryPath,
} from './processes.ts';

const path = '/lib/ld-uClibc.so.1';
const loader = library('ld-uClibc.so.1', {
  entry: 0x1000,
  exports: ['_dl_debug_addr', '_dl_load_shared_library', '__tls_get_addr'],
});
const libc = library('libc.so.0', { exports: ['puts'] });
const system = { [path]: loader, '/lib/libc.so.0': libc };
const x = library('libx.so');
const app = '/bin/app';
const needsX = (more: object = {}) => ({
  ...system,
  [app]: program('musl', { interpreter: path, needed: ['libx.so', 'libc.so.0'], ...more }),
});

const both = ['/lib/libx.so', '/lib/libc.so.0'];

/** Each was started by uClibc-ng 1.0.58 on MIPS and Arm: what is decided agrees. */
const cases: readonly SearchCase[] = [
  { name: 'finds libraries in /lib', things: { ...needsX(), '/lib/libx.so': x }, libraries: both },
  {
    name: 'finds libraries in /usr/lib',
    things: { ...needsX(), '/usr/lib/libx.so': x },
    libraries: ['/usr/lib/libx.so', '/lib/libc.so.0'],
  },
  {
    name: 'passes over what is not a library, and searches on',
    things: { ...needsX(), '/lib/libx.so': text('GROUP'), '/usr/lib/libx.so': x },
    libraries: ['/usr/lib/libx.so', '/lib/libc.so.0'],
  },
  { name: 'misses what is nowhere', things: needsX(), missing: ['libx.so'] },
  {
    name: 'misses what it cannot load',
    things: { ...needsX(), '/lib/libx.so': text('GROUP') },
    missing: ['libx.so'],
  },
  {
    name: 'is undecided where a run path leads to another file',
    things: {
      ...needsX({ rpath: '/opt/lib' }),
      '/lib/libx.so': x,
      '/opt/lib/libx.so': library('libx.so', { exports: ['x'] }),
    },
    undecided: 1,
  },
  {
    name: 'needs no run path that leads to the same file',
    things: {
      ...needsX({ runpath: '/opt/lib' }),
      '/lib/libx.so': x,
      '/opt/lib/libx.so': linkTo('/lib/libx.so'),
    },
    libraries: both,
  },
  {
    name: 'needs no run path that leads nowhere',
    things: { ...needsX({ rpath: '/var/tmp/pc' }), '/lib/libx.so': x },
    libraries: both,
  },
  {
    name: 'is undecided about LD_LIBRARY_PATH',
    things: { ...needsX(), '/opt/lib/libx.so': x },
    libraryPath: '/opt/lib',
    undecided: 1,
  },
  {
    name: 'is undecided about folders that it may have been built with',
    things: { ...needsX(), '/lib32/libx.so': x },
    undecided: 1,
  },
  {
    name: 'is undecided about a cache',
    things: { ...needsX(), '/lib/libx.so': x, '/etc/ld.so.cache': text('ld.so-1.7.0') },
    undecided: 1,
  },
  {
    name: 'takes the last part of a path that leads nowhere',
    things: { ...needsX({ needed: ['/opt/libx.so', 'libc.so.0'] }), '/lib/libx.so': x },
    libraries: both,
  },
];

describe("uClibc's loader", () => {
  for (const { name, things, libraryPath, libraries, missing = [], undecided = 0 } of cases) {
    it(name, () => {
      const context = libraryPath === undefined ? {} : withLibraryPath(libraryPath);
      const { link, servedBy } = linkageIn(things, app, context);
      assert.ok(link);
      assert.equal(servedBy?.libc, 'uclibc');
      assert.deepEqual(summary(link).missing, missing);
      assert.equal(link.undecided.length > 0, undecided > 0, link.undecided.join());
      if (libraries !== undefined) assert.deepEqual(summary(link).libraries, libraries);
    });
  }

  it('leaves a symbol that nothing defines undecided', () => {
    const things = { ...needsX({ calls: ['gone'] }), '/lib/libx.so': x };
    const { outcome, message } = verdictIn(things, app, null, 'loadable');
    assert.equal(outcome, 'unknown', message);
  });

  it('makes no program of a library that names an interpreter', () => {
    const things = {
      ...system,
      '/lib/libcrypt.so.0': library('libcrypt.so.0', {
        interpreter: 'ld-uClibc.so.0',
        needed: ['libc.so.0'],
        exports: ['crypt'],
      }),
    };
    const of = (rule: string) => verdictIn(things, '/lib/libcrypt.so.0', null, rule).outcome;
    assert.equal(of('standard-interpreter'), 'not-applicable');
    assert.equal(of('loadable'), 'not-applicable');
    assert.notEqual(of('musl-linkage'), 'fail');
  });
});
