import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { repositoryRoot } from '../support/repository.ts';

/** The parts of the page that need no browser, from their source: it is JavaScript as it stands. */
const page = (file: string) =>
  import(pathToFileURL(join(repositoryRoot, 'src/reporters/html/page', file)).href);
const { selectRows } = await page('select-rows.js');
const { nothingChosen, readChoice, writeChoice } = await page('choice.js');
const { amount, fileSize, percent, visible } = await page('text.js');

const fail = (severity: string) => ({ state: 'fail', severity });
const state = (name: string) => ({ state: name, severity: 'high' });
const row = (index: number, path: string, cells: readonly unknown[], more: object = {}) => ({
  index,
  target: 0,
  layer: 0,
  owner: null,
  size: index,
  path,
  cells,
  haystack: path.toLowerCase(),
  weight: ['critical', 'high', 'low'].map(
    (severity) =>
      cells.filter((cell) => JSON.stringify(cell) === JSON.stringify(fail(severity))).length,
  ),
  ...more,
});

const report = {
  severities: ['critical', 'high', 'low'],
  rules: [{ id: 'pie' }, { id: 'relro' }],
  rows: [
    row(0, '/bin/a', [state('pass'), fail('low')], { owner: 'busybox' }),
    row(1, '/bin/B', [fail('high'), state('unknown')], { layer: 1 }),
    row(2, '/lib/c.so', [null, fail('high')], { target: 1, layer: 1, owner: 'musl' }),
    row(3, '/lib/d.so', [state('waived'), state('pass')]),
    row(4, '/bin/e', [fail('critical'), fail('low')]),
  ],
};

test('filters and orders choose these rows', () => {
  const table = [
    { choice: {}, want: [4, 1, 2, 0, 3] },
    { choice: { sort: '-worst' }, want: [3, 0, 1, 2, 4] },
    { choice: { sort: 'path' }, want: [1, 0, 4, 2, 3] },
    { choice: { sort: '-path' }, want: [3, 2, 4, 0, 1] },
    { choice: { sort: 'size' }, want: [4, 3, 2, 1, 0] },
    { choice: { sort: 'rule:pie' }, want: [4, 1, 3, 0, 2] },
    { choice: { sort: 'rule:gone' }, want: [4, 1, 2, 0, 3] },
    { choice: { q: 'b' }, want: [4, 1, 2, 0, 3] },
    { choice: { q: 'bin b' }, want: [4, 1, 0] },
    { choice: { q: ' LIB  SO ' }, want: [2, 3] },
    { choice: { q: 'nothing' }, want: [] },
    { choice: { state: 'fail' }, want: [4, 1, 2, 0] },
    { choice: { state: 'waived' }, want: [3] },
    { choice: { state: 'unknown', severity: 'high' }, want: [1] },
    { choice: { severity: 'high' }, want: [1, 2] },
    { choice: { severity: 'low' }, want: [4, 0] },
    { choice: { rule: 'pie' }, want: [4, 1, 0, 3] },
    { choice: { rule: 'pie', state: 'fail' }, want: [4, 1] },
    { choice: { rule: 'relro', state: 'fail', severity: 'low' }, want: [4, 0] },
    { choice: { image: '1' }, want: [2] },
    { choice: { layer: '1' }, want: [1, 2] },
    { choice: { package: 'musl' }, want: [2] },
    { choice: { package: 'none' }, want: [4, 1, 3] },
  ];
  for (const { choice, want } of table) {
    const chosen = selectRows(report, { ...nothingChosen, ...choice });
    assert.deepEqual(
      chosen.map(({ index }: { index: number }) => index),
      want,
      JSON.stringify(choice),
    );
  }
});

test('a choice survives the address, whatever a binary is called', () => {
  for (const [what, name] of Object.entries(hostileNames)) {
    const choice = {
      ...nothingChosen,
      q: name.toWellFormed(),
      binary: name.toWellFormed(),
      rule: 'pie',
    };
    assert.deepEqual(readChoice(writeChoice(choice)), choice, what);
  }
  assert.equal(writeChoice(nothingChosen), '#');
  assert.deepEqual(readChoice('#nonsense=1&q=a'), { ...nothingChosen, q: 'a' });
});

test('names are shown without a character that acts', () => {
  for (const [what, name] of Object.entries(hostileNames))
    assert.doesNotMatch(visible(name), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u, what);
  assert.equal(visible('/a\u202eb\x1b'), '/a\\u{202e}b\\x1b');
});

test('a share is whole only when nothing is missing', () => {
  const table = [
    { part: 0, whole: 0, want: '–' },
    { part: 0, whole: 10, want: '0%' },
    { part: 1, whole: 1000, want: '1%' },
    { part: 999, whole: 1000, want: '99%' },
    { part: 2, whole: 3, want: '67%' },
    { part: 7, whole: 7, want: '100%' },
  ];
  for (const { part, whole, want } of table) assert.equal(percent(part, whole), want);
});

test('amounts read as a person would write them', () => {
  assert.equal(amount(1, 'binary', 'binaries'), '1 binary');
  assert.equal(amount(2000, 'binary', 'binaries'), '2,000 binaries');
  assert.deepEqual([0, 1, 1536, 3 * 1024 ** 2].map(fileSize), [
    '0 bytes',
    '1 byte',
    '1.5 KiB',
    '3.0 MiB',
  ]);
});
