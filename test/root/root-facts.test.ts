import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../src/elf/constants.ts';
import { findBinaries } from '../../src/root/binaries.ts';
import { findRootFacts } from '../../src/root/root-facts.ts';
import { rootTarget } from '../../src/sources/root/root-target.ts';
import { buildRoot, elf, linkTo, text } from '../support/roots/root-builder.ts';
import { app, constructors, musl, muslLibc, testInRoot } from '../support/verdicts/rule-in-root.ts';
import { factsIn } from '../support/verdicts/verdict-in-root.ts';
import { configOf } from './exposure/config-of.ts';
import { library, muslPath, program } from './loader/processes.ts';

testInRoot('pie', [
  {
    name: 'weighs more in a setuid program',
    things: { [app]: elf({ type: ET.EXEC, interpreter: muslPath }, { mode: 0o4755 }) },
    outcome: 'fail',
    severity: 'critical',
    says: /./,
  },
]);

testInRoot('relro', [
  {
    name: 'weighs as it stands where nothing is exposed',
    things: { [app]: elf({ type: ET.EXEC, interpreter: muslPath, dynamic: [constructors] }) },
    outcome: 'fail',
    severity: 'low',
    says: /./,
  },
  {
    name: 'weighs more in the program of ENTRYPOINT',
    things: { [app]: elf({ type: ET.EXEC, interpreter: muslPath, dynamic: [constructors] }) },
    config: configOf({ entrypoint: [app] }),
    outcome: 'fail',
    severity: 'medium',
    says: /./,
  },
]);

describe('root facts', () => {
  it('say which files need a library', () => {
    const things = {
      ...musl,
      '/lib/libx.so': library('libx.so'),
      '/bin/a': program('musl', { needed: ['libx.so', muslLibc] }),
      '/bin/b': program('musl', { needed: ['libx.so', muslLibc] }),
    };
    const { neededBy } = factsIn(things, '/lib/libx.so', null);
    const want = { programs: 2, first: ['/bin/a', '/bin/b'] };
    assert.deepEqual(neededBy, { known: true, value: want });
  });

  describe('say for which processors glibc takes a library', () => {
    const folder = '/usr/lib/glibc-hwcaps';
    const v3 = `${folder}/x86-64-v3/libx.so.1`;
    const lib = library('libx.so.1');
    for (const [name, things, want] of [
      ['by its folder', { [v3]: lib }, 'x86-64-v3'],
      [
        'a link in the same folder counts',
        { [v3]: lib, [`${folder}/x86-64-v3/libx.so`]: linkTo('libx.so.1') },
        'x86-64-v3',
      ],
      [
        'the lowest of several',
        { [v3]: lib, [`${folder}/x86-64-v2/libx.so.1`]: linkTo(v3) },
        'x86-64-v2',
      ],
      [
        'none where another folder has it',
        { [v3]: lib, '/usr/lib/libx.so.1': linkTo(v3) },
        undefined,
      ],
      ['none in a folder for no level', { [`${folder}/power10/libx.so.1`]: lib }, undefined],
      [
        'none where a run path names the folder itself',
        { [v3]: lib, '/bin/a': program('glibc', { runpath: `${folder}/x86-64-v3` }) },
        undefined,
      ],
    ] as const)
      it(name, () => {
        const path = Object.keys(things)[0] ?? '';
        const { placement } = factsIn(things, path, null);
        assert.equal(
          placement.known && placement.value.where === 'root' && placement.value.forProcessors,
          want,
        );
      });
  });

  it('name the package', () => {
    const things = {
      '/lib/apk/db/installed': text('P:app\nV:1\nA:x86_64\nF:bin\nR:app\n'),
      [app]: program('musl'),
    };
    const { package: owner } = factsIn(things, app, null);
    assert.equal(owner.known && owner.value?.name, 'app');
  });

  it('a directory without any place of a system is not a root that a program could start in', () => {
    const [facts] = findRootFacts(
      rootTarget('folder', 'dir', null, async function* () {}),
      buildRoot({ '/package/app': program('glibc') }),
      findBinaries(buildRoot({ '/package/app': program('glibc') }), () => false),
    );
    assert.deepEqual(facts?.linkage, { known: true, value: { where: 'bare-file' } });
  });
});
