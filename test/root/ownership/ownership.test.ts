import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whoseOf } from '../../../src/policy/subject.ts';
import { findBinaries } from '../../../src/root/binaries.ts';
import type { Whose } from '../../../src/root/ownership/ownership.ts';
import { findRootFacts, type RootTarget } from '../../../src/root/root-facts.ts';
import { binary, factsWith, target } from '../../support/report-builder.ts';
import { buildRoot, elf, type Things, text } from '../../support/root-builder.ts';

const image: RootTarget = { kind: 'image', config: null, platform: null };
const installed = (...names: readonly string[]) =>
  text(names.map((name) => `P:${name}\nV:1-r0\no:${name}-source\nF:bin\nR:${name}\n`).join('\n'));

const cases: readonly {
  readonly name: string;
  readonly things: Things;
  readonly target?: RootTarget;
  readonly want: Whose;
  /** Name and group. */
  readonly component: readonly [string, string] | null;
}[] = [
  {
    name: 'a file of a package is the distribution’s',
    things: { '/lib/apk/db/installed': installed('tool'), '/bin/tool': elf({}) },
    want: 'distribution',
    component: ['tool', 'tool-source'],
  },
  {
    name: 'a file of no package is yours',
    things: { '/lib/apk/db/installed': installed('other'), '/bin/tool': elf({}) },
    want: 'yours',
    component: null,
  },
  {
    name: 'without a package database all is yours',
    things: { '/bin/tool': elf({}) },
    want: 'yours',
    component: null,
  },
  {
    name: 'a program by itself is yours',
    things: { '/bin/tool': elf({}) },
    target: { ...image, kind: 'file' },
    want: 'yours',
    component: null,
  },
];

describe('whose a binary is', () => {
  for (const { name, things, target: of = image, want, component } of cases) {
    it(name, () => {
      const root = buildRoot(things);
      const binaries = findBinaries(root, () => false);
      const [facts] = findRootFacts(of, root, binaries);
      assert.ok(facts?.ownership.known);
      const { whose, component: found } = facts.ownership.value;
      assert.equal(whose, want);
      assert.deepEqual(found && [found.name, found.group], component);
    });
  }

  it('a report of an older version says nothing of it: then it is yours', () => {
    const judged = binary({ path: '/a', facts: factsWith({}) });
    assert.equal(whoseOf({ target: target({}), judged }), 'yours');
  });
});
