import { glibcLoader, library, muslPath, program } from '../../test/root/loader/processes.ts';
import {
  app,
  glibc,
  glibcLibc,
  musl,
  muslLibc,
  testInRoot,
} from '../../test/support/verdicts/rule-in-root.ts';

testInRoot('safe-run-path', [
  ...['$ORIGIN/../../tmp', '$ORIGIN/../../../tmp/lib', '/var/../tmp'].map((runpath) => ({
    name: `${runpath} is a path into /tmp also in a root without /tmp`,
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: program('glibc', { needed: ['libc.so.6'], runpath }),
    },
    outcome: 'fail' as const,
    says: /^\/tmp(\/lib)? is in the run path and lies where everybody may write/,
  })),
  {
    name: 'musl passes over a run path with a word that it does not know, relative or not',
    things: {
      ...musl,
      [app]: program('musl', { needed: [muslLibc], runpath: '/tmp:$LIB/app' }),
    },
    outcome: 'pass',
    says: /musl passes over the whole run path for "\$LIB\/app"/,
  },
  {
    name: "a loader of glibc under musl's name takes every element",
    things: {
      [muslPath]: glibcLoader(['/lib']),
      '/lib/libc.so.6': glibcLibc,
      [app]: program('musl', { needed: ['libc.so.6'], runpath: '/tmp/evil:/x/$LIB' }),
    },
    outcome: 'fail',
    says: /\/tmp\/evil is in the run path/,
  },
  {
    name: 'a library that looks like one of musl is read by the glibc of its process',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: library('libx.so', { needed: [muslLibc], runpath: '/tmp/evil:/x/$LIB' }),
    },
    outcome: 'fail',
    says: /\/tmp\/evil is in the run path/,
  },
  {
    name: 'glibc takes the same path from the working directory',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: program('glibc', { needed: ['libc.so.6'], runpath: '$LIB/app' }),
    },
    outcome: 'fail',
    says: /the directory from which the program is started/,
  },
]);
