import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerOf } from '../../lab/realistic/answer.ts';
import { differences } from '../../lab/realistic/compare-answer.ts';
import { images } from '../../lab/realistic/images.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

describe('answers of realistic images follow from how their programs are built', () => {
  it('there are twelve', () => {
    assert.equal(images.length, 12);
  });
  for (const image of images)
    it(`${image.name}: built well, nothing of it breaks the gate`, () => {
      const { gate, breaking } = answerOf(image, 'built-well');
      assert.deepEqual([gate, breaking], ['holds', {}]);
    });
  const found: Readonly<Record<string, readonly string[]>> = {
    'debian-python': [
      '/usr/local/bin/legacyd',
      '/usr/local/bin/plaind',
      '/opt/app/_fast.cpython-311-x86_64-linux-gnu.so',
    ],
    'debian-own-package': ['/usr/bin/acme-agent'],
    'scratch-go': [],
  };
  for (const [name, paths] of Object.entries(found))
    it(`${name}: as it is met, ${paths.length} files break it`, () => {
      const image = images.find((each) => each.name === name);
      assert.ok(image);
      assert.deepEqual(Object.keys(answerOf(image, 'found').breaking), paths);
    });
});

describe('a report is held against the answer', () => {
  const bad = report([
    target({ binaries: [binary({ path: '/app', verdicts: [verdict({ rule: 'pie' })] })] }),
  ]);
  const answer = {
    gate: 'broken',
    breaking: { '/app': { whose: 'yours', rules: ['pie'] } },
    whose: {},
    fix: '',
    options: [],
  } as const;
  const gate = { ...bad.gate, state: 'broken' as const };
  const sarif = { version: '2.1.0', runs: [] } as const;
  const shown = (text: string) =>
    differences(answer, {
      error: null,
      report: { ...bad, gate },
      text,
      sarif: { ...sarif, runs: [] },
    });
  const cases: readonly (readonly [name: string, text: string, want: RegExp | null])[] = [
    ['as it should be', 'GATE BROKEN\n/app\n', null],
    ['a text without the own file', 'GATE BROKEN\n', /no own finding/],
    ['a text that is too long', `/app\n${'x\n'.repeat(60)}`, /61 lines/],
    ['a line that is too wide', `/app\n${'x'.repeat(81)}\n`, /81 columns/],
    ['a path may be wide', `/app\n/${'x'.repeat(90)}\n`, null],
  ];
  for (const [name, text, want] of cases)
    it(name, () => {
      const seen = shown(text).join('\n');
      if (want === null) assert.equal(seen, '');
      else assert.match(seen, want);
    });
  it('a file that breaks the gate and should not', () => {
    const other = { ...answer, gate: 'holds', breaking: {} } as const;
    const seen = differences(other, {
      error: null,
      report: { ...bad, gate },
      text: '/app',
      sarif: { ...sarif, runs: [] },
    });
    assert.match(seen.join('\n'), /the gate is broken.*\n\/app breaks it: pie/);
  });
});
