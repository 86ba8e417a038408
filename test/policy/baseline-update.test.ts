import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { BaselineEntry } from '../../src/policy/baseline/entry.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import { updateOf } from '../../src/policy/baseline/update.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { binary, type GivenTarget, target, verdict } from '../support/reports/report-builder.ts';

type Verdicts = Readonly<Record<string, Parameters<typeof verdict>[0]>>;

const release = (name: string, files: Verdicts, given: GivenTarget = {}): TargetReport =>
  target({
    name,
    kind: 'root-filesystem',
    scheme: 'rootfs',
    binaries: Object.entries(files).map(([path, one]) =>
      binary({
        path,
        sha256: createHash('sha256').update(`${name}${path}`).digest('hex'),
        verdicts: [verdict(one)],
      }),
    ),
    ...given,
  });

const accept = { owner: 'new owner' };
const update = (before: readonly BaselineEntry[], after: TargetReport) =>
  updateOf(before, [after], { namedRules: () => [], today: '2026-11-30', accept });

const fails = { rule: 'pie' } as const;
const old = release('svc-1.0.tar.gz', { '/svc-1.0/a': fails, '/svc-1.0/b': fails });
const before = baselineOf([old]).map((entry) => ({ ...entry, owner: 'old owner' }));

/** Path and owner of each entry. */
const entriesOf = (entries: readonly BaselineEntry[]) =>
  entries.map(({ image, path, owner }) => `${image} ${path} ${owner}`);

describe('an update of a baseline', () => {
  const unread = [{ kind: 'damaged', where: '/svc-1.1/b', message: 'cut' }] as const;
  const table: readonly (readonly [
    claim: string,
    after: TargetReport,
    entries: readonly string[],
    gone: number,
  ])[] = [
    [
      'takes the entries of a release over to the next one, once',
      release('svc-1.1.tar.gz', { '/svc-1.1/a': fails, '/svc-1.1/b': fails }),
      ['svc-1.1.tar.gz /svc-1.1/a old owner', 'svc-1.1.tar.gz /svc-1.1/b old owner'],
      0,
    ],
    [
      'leaves out what is fixed in the next release',
      release('svc-1.1.tar.gz', {
        '/svc-1.1/a': fails,
        '/svc-1.0/b': { rule: 'pie', outcome: 'pass' },
      }),
      ['svc-1.1.tar.gz /svc-1.1/a old owner'],
      1,
    ],
    [
      'leaves out what is gone from the next release',
      release('svc-1.1.tar.gz', { '/svc-1.1/a': fails }),
      ['svc-1.1.tar.gz /svc-1.1/a old owner'],
      1,
    ],
    [
      'accepts what is new for those who say so',
      release('svc-1.0.tar.gz', { '/svc-1.0/a': fails, '/svc-1.0/b': fails, '/c': fails }),
      [
        'svc-1.0.tar.gz /c new owner',
        'svc-1.0.tar.gz /svc-1.0/a old owner',
        'svc-1.0.tar.gz /svc-1.0/b old owner',
      ],
      0,
    ],
    [
      'keeps an entry whose finding may be in what was not read',
      release('svc-1.0.tar.gz', { '/svc-1.0/a': fails }, { problems: unread }),
      ['svc-1.0.tar.gz /svc-1.0/a old owner', 'svc-1.0.tar.gz /svc-1.0/b old owner'],
      0,
    ],
    [
      'keeps an entry whose finding was not decided this time',
      release('svc-1.0.tar.gz', {
        '/svc-1.0/a': fails,
        '/svc-1.0/b': { rule: 'pie', outcome: 'unknown' },
      }),
      ['svc-1.0.tar.gz /svc-1.0/a old owner', 'svc-1.0.tar.gz /svc-1.0/b old owner'],
      0,
    ],
    [
      'keeps an entry whose file the configuration leaves out',
      release(
        'svc-1.0.tar.gz',
        { '/svc-1.0/a': fails },
        { exclusions: [{ glob: '/svc-1.0/b', files: 1 }] },
      ),
      ['svc-1.0.tar.gz /svc-1.0/a old owner', 'svc-1.0.tar.gz /svc-1.0/b old owner'],
      0,
    ],
    [
      'keeps the entries of another archive',
      release('other-1.0.tar.gz', { '/a': fails }),
      [
        'other-1.0.tar.gz /a new owner',
        'svc-1.0.tar.gz /svc-1.0/a old owner',
        'svc-1.0.tar.gz /svc-1.0/b old owner',
      ],
      0,
    ],
  ];
  for (const [claim, after, entries, gone] of table)
    it(claim, () => {
      const found = update(before, after);
      assert.deepEqual(entriesOf(found.baseline), entries);
      assert.equal(found.gone.length, gone);
    });
});

it('two releases that have entries of their own are two archives', () => {
  const both = [...before, ...baselineOf([release('svc-1.1.tar.gz', { '/svc-1.1/a': fails })])];
  const found = update(both, release('svc-1.1.tar.gz', { '/svc-1.1/a': fails }));
  assert.equal(found.gone.length, 0);
  assert.deepEqual(
    found.baseline.map(({ path }) => path),
    ['/svc-1.0/a', '/svc-1.0/b', '/svc-1.1/a'],
  );
});

it('what is accepted comes with the most severe first', () => {
  const after = release('x', {
    '/a': { rule: 'pie', severity: 'low' },
    '/b': { rule: 'pie', severity: 'critical' },
  });
  assert.deepEqual(
    update([], after).accepted.map(({ path }) => path),
    ['/b', '/a'],
  );
});
