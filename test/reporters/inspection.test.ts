import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, notKnown } from '../../src/base/fact.ts';
import { describeValue, wordsOf } from '../../src/reporters/inspection/fact-text.ts';
import { inspection } from '../../src/reporters/inspection/inspection.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { binary, factsWith, verdict } from '../support/reports/report-builder.ts';

const plain = { color: false, width: 80, all: false };

test('values of every shape become lines', () => {
  const table: readonly { readonly value: unknown; readonly want: readonly string[] }[] = [
    { value: null, want: ['none'] },
    { value: [], want: ['none'] },
    { value: {}, want: ['none'] },
    { value: { rpath: null }, want: ['none'] },
    { value: true, want: ['yes'] },
    { value: 7, want: ['7'] },
    { value: 0x1d8n, want: ['0x1d8'] },
    { value: 'text', want: ['text'] },
    { value: ['a', 'b'], want: ['a, b'] },
    { value: ['a', 'b', 'c', 'd'], want: ['a, b, c, and 1 more'] },
    { value: { name: 'x86-64', bits: 64 }, want: ['x86-64', 'bits: 64'] },
    { value: { lazySlots: 3 }, want: ['', 'lazy slots: 3'] },
    { value: [{ a: 1, b: 'x' }], want: ['', 'a 1, b x'] },
    {
      value: { evidence: [{ what: 'e_type', saw: 'ET_DYN', offset: 16n }] },
      want: ['', 'e_type: ET_DYN at offset 0x10'],
    },
    { value: { outer: { inner: { deep: 1 } } }, want: ['', 'outer:', '  inner:', '    deep: 1'] },
  ];
  for (const { value, want } of table) assert.deepEqual(describeValue(value, 3), want);
});

test('nesting is bounded', () => {
  let value: unknown = 'bottom';
  for (let depth = 0; depth < 100_000; depth += 1) value = [[value]];
  assert.ok(describeValue(value, 3).join('').includes('...'));
});

test('names of facts are read as words', () => {
  const table = {
    stackProtector: 'stack protector',
    kind: 'kind',
    buildId: 'build id',
  };
  for (const [name, want] of Object.entries(table)) assert.equal(wordsOf(name), want);
});

test('an inspection shows every fact, known or not, and every verdict with its evidence', () => {
  const given = binary({
    path: '/bin/a',
    aliases: ['/bin/b'],
    facts: factsWith({
      kind: known({
        kind: 'executable',
        evidence: [{ what: 'e_type', saw: 'ET_EXEC', offset: 16n }],
      }),
      relro: notKnown('program header 3 ends beyond the file'),
    }),
    verdicts: [
      verdict({
        rule: 'pie',
        message: 'is linked to a fixed address',
        evidence: [{ what: 'e_type', saw: 'ET_EXEC', offset: 16n }],
      }),
    ],
  });
  const text = [...inspection(given, plain)].join('');
  for (const line of [
    '/bin/a',
    '  also /bin/b',
    '  kind: executable',
    '    e_type: ET_EXEC at offset 0x10',
    '  relro: not known: program header 3 ends beyond the file',
    '  high      pie: is linked to a fixed address',
    '              e_type: ET_EXEC at offset 0x10',
  ]) {
    assert.ok(text.split('\n').includes(line), line);
  }
});

test('no name in a fact acts on a terminal', () => {
  for (const [what, name] of Object.entries(hostileNames)) {
    const facts = factsWith({ soname: known(name), needed: known([name]), kind: notKnown(name) });
    const text = [...inspection(binary({ path: name, aliases: [name], facts }), plain)].join('');
    assert.doesNotMatch(
      text,
      /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
      what,
    );
  }
});
