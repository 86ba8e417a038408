import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defaultLimits } from '../../src/base/limits.ts';
import type { Problem } from '../../src/base/problem.ts';
import { judgeTarget } from '../../src/judge/judge-target.ts';
import type { CatalogEntry, Contained, LayerCatalog } from '../../src/layers/catalog.ts';

/** More than one call has arguments. */
const many = 200_000;

const archive: CatalogEntry = {
  path: '/a.zip',
  type: 'file',
  size: 100,
  mode: 0o644,
  uid: 0,
  gid: 0,
  linkTarget: '',
  capability: null,
  elf: null,
  shebang: null,
};

function catalogOf(entries: readonly CatalogEntry[], inside?: Contained): LayerCatalog {
  const insides = new Map(inside === undefined ? [] : [[archive.path, [inside]]]);
  return { entries, texts: new Map(), insides, problems: [], extractions: new Map() };
}

it('every problem of a nested archive is kept, however many there are', async () => {
  const problem: Problem = { kind: 'damaged', where: '/x', message: 'is damaged' };
  const inside: Contained = {
    name: '',
    scheme: 'zip',
    kind: 'package',
    config: null,
    catalogs: [catalogOf([])],
    problems: Array.from({ length: many }, () => problem),
  };
  const target = { kind: 'root-filesystem', config: null, platform: null, problems: [] } as const;
  const options = { rules: [], limits: defaultLimits, excludes: () => false };
  const { problems } = await judgeTarget(target, [catalogOf([archive], inside)], options);
  assert.equal(problems.length, many);
});
