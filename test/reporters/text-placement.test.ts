import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { Judged, TargetReport } from '../../src/report/report.ts';
import { placementLine } from '../../src/reporters/text/text-placement.ts';
import { target } from '../support/reports/report-builder.ts';

const foo = { name: 'foo', version: '1.2' };

type Layer = TargetReport['layers'][number];

function image(...commands: readonly (string | null)[]): TargetReport {
  const layers = commands.map(
    (createdBy, index): Layer => ({
      ...{ index, digest: null, diffId: null, size: null, createdBy },
      origin: index === 0 ? 'base' : 'own',
    }),
  );
  return { ...target({}), layers };
}

function file(layer: number, is: 'packaged' | 'replaced' | 'added') {
  const facts = {
    package: known(is === 'packaged' ? foo : null),
    replaces: known(is === 'replaced' ? foo : null),
  };
  // Only what the line is made of.
  return { path: '/usr/bin/foo', layer, facts, verdicts: [] } as unknown as Judged;
}

const cases = [
  {
    name: 'a file of a package',
    of: file(0, 'packaged'),
    layers: [null, null],
    want: 'package foo 1.2, base layer 1',
  },
  {
    name: 'a file that COPY of BuildKit replaced',
    of: file(1, 'replaced'),
    layers: [null, 'COPY app /usr/bin/foo # buildkit'],
    want: 'package foo 1.2, replaced by own layer 2 (COPY app /usr/bin/foo)',
  },
  {
    name: "a file that Docker's builder replaced",
    of: file(1, 'replaced'),
    layers: [null, '/bin/sh -c #(nop) COPY file:0123 in /usr/bin/foo '],
    want: 'package foo 1.2, replaced by own layer 2 (COPY file:0123 in /usr/bin/foo)',
  },
  {
    name: 'a file that a long command replaced',
    of: file(1, 'replaced'),
    layers: [null, `RUN /bin/sh -c ${'make '.repeat(20)} # buildkit`],
    want: `package foo 1.2, replaced by own layer 2 (RUN ${'make '.repeat(7)}m…)`,
  },
  {
    name: 'a file that a layer without history replaced',
    of: file(1, 'replaced'),
    layers: [null, null],
    want: 'package foo 1.2, replaced by own layer 2',
  },
  {
    name: 'a file in the place of another, of one layer',
    of: file(0, 'replaced'),
    layers: [null],
    want: 'not the file that foo 1.2 brings',
  },
  { name: 'a file of no package', of: file(1, 'added'), layers: [null, null], want: 'own layer 2' },
];

describe('where a file comes from', () => {
  for (const { name, of, layers, want } of cases)
    it(name, () => assert.equal(placementLine(of, image(...layers)), want));
});
