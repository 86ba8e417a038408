import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Things, text } from '../../support/roots/root-builder.ts';
import { factsIn } from '../../support/verdicts/verdict-in-root.ts';
import { glibcLoader, glibcPath, library, program } from '../loader/processes.ts';
import { configOf } from './config-of.ts';

const needing = (soname: string, ...needed: readonly string[]) => library(soname, { needed });
const things: Things = {
  [glibcPath]: glibcLoader(['/lib', '/usr/lib']),
  '/usr/lib/liba.so': needing('liba.so', 'libb.so'),
  '/usr/lib/libb.so': needing('libb.so'),
  '/usr/lib/libp.so': needing('libp.so'),
  '/usr/lib/libo.so': needing('libo.so'),
  '/bin/app': program('glibc', { needed: ['liba.so'] }),
  '/bin/su': program('glibc', { needed: ['libp.so'] }, { mode: 0o4755 }),
  '/bin/other': program('glibc', { needed: ['libo.so'] }),
};

describe('a library is reached', () => {
  const cases: readonly { name: string; path: string; by: string | null; more?: Things }[] = [
    { name: 'that the started program needs', path: '/usr/lib/liba.so', by: '/bin/app' },
    { name: 'that such a library needs', path: '/usr/lib/libb.so', by: '/bin/app' },
    { name: 'that a setuid program needs', path: '/usr/lib/libp.so', by: '/bin/su' },
    {
      name: 'that is loaded into every program',
      path: '/usr/lib/libo.so',
      by: '/bin/app',
      more: { '/etc/ld.so.preload': text('/usr/lib/libo.so\n') },
    },
    {
      name: 'that newer processors take in place of another',
      path: '/usr/lib/glibc-hwcaps/x86-64-v4/libb.so',
      by: '/bin/app',
      more: { '/usr/lib/glibc-hwcaps/x86-64-v4/libb.so': needing('libb.so') },
    },
    { name: '(not one of a program that nothing starts)', path: '/usr/lib/libo.so', by: null },
  ];
  for (const { name, path, by, more = {} } of cases) {
    it(name, () => {
      const { exposure } = factsIn({ ...things, ...more }, path, configOf({ cmd: ['/bin/app'] }));
      assert.ok(exposure.known);
      assert.deepEqual(exposure.value.reached, by === null ? null : { how: 'loaded', by });
    });
  }
});
