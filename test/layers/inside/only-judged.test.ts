import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultLimits } from '../../../src/base/limits.ts';
import type { Problem } from '../../../src/base/problem.ts';
import type { WalkedInside, WalkedLayer } from '../../../src/layers/catalog.ts';
import { onlyJudged } from '../../../src/layers/inside/only-judged.ts';
import { catalogEntry, catalogOf } from '../../support/roots/catalog-builder.ts';

const damage: Problem = { kind: 'damaged', where: '/a', message: 'is damaged' };
const program = { ...catalogOf([]), entries: [catalogEntry('/a', 'file', { elf: 'ab' })] };

function inside(catalogs: readonly WalkedLayer[], problems: readonly Problem[] = []): WalkedInside {
  return { name: 'x', scheme: 'zip', kind: 'root-filesystem', config: null, catalogs, problems };
}
const worth = (each: WalkedInside) => onlyJudged(each, defaultLimits);

describe('a target in a file is kept whole where a program lies in it', () => {
  const holder = inside([catalogOf(['/b']), program]);
  const cases = {
    'in any of its layers': holder,
    'or in one of its own files': inside([
      { ...catalogOf(['/c.zip']), insides: new Map([['/c.zip', [holder]]]) },
    ]),
  };
  for (const [name, each] of Object.entries(cases)) it(name, () => assert.equal(worth(each), each));
});

describe('of any other its problems are kept', () => {
  const cases: Readonly<Record<string, { each: WalkedInside; where: readonly string[] }>> = {
    'its own': { each: inside([catalogOf(['/b'])], [damage]), where: ['/a'] },
    'those of its layers': {
      each: inside([catalogOf([]), { ...catalogOf([]), problems: [damage] }]),
      where: ['/a'],
    },
    'those that its root would report': {
      each: inside([catalogOf(['/f', '/f/g']), catalogOf(['/h = /none'])]),
      where: ['/f/g', '/h'],
    },
  };
  for (const [name, { each, where }] of Object.entries(cases)) {
    it(name, () => {
      const kept = worth(each);
      assert.deepEqual(
        kept?.problems.map((problem) => problem.where),
        where,
      );
      assert.deepEqual({ ...kept, problems: [] }, { ...each, catalogs: [], problems: [] });
    });
  }

  it('and nothing where there are none', () => {
    assert.equal(worth(inside([catalogOf(['/META-INF/', '/META-INF/MANIFEST.MF'])])), null);
  });
});
