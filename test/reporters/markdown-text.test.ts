import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { markdownLines } from '../../src/reporters/markdown/markdown-text.ts';

const lines = (...given: readonly string[]) => given.join('\n');

test('paragraphs and items are wrapped, code is kept', () => {
  const table = [
    { input: 'one two three', want: ['one two', 'three'] },
    { input: lines('one', 'two', '', 'three'), want: ['one two', '', 'three'] },
    {
      input: lines('- one two three', '  four', '- five'),
      want: ['- one two', '  three', '  four', '- five'],
    },
    { input: lines('1. one two three'), want: ['1. one two', '   three'] },
    { input: lines('see:', '- one'), want: ['see:', '- one'] },
    {
      input: lines('see:', '', '    readelf -lW FILE | grep', '    objdump -d FILE'),
      want: ['see:', '', '    readelf -lW FILE | grep', '    objdump -d FILE'],
    },
    {
      input: lines('```sh', 'readelf -lW FILE', '```', 'end'),
      want: ['    readelf -lW FILE', 'end'],
    },
    { input: '`-fstack-protector-strong`', want: ['`-fstack-protector-strong`'] },
    { input: '', want: [''] },
  ];
  for (const { input, want } of table) assert.deepEqual(markdownLines(input, 10), want, input);
});

test('no text of a rule is wider than a terminal, but for code and long words', () => {
  for (const { id, rationale, evidence } of rules) {
    for (const line of [...markdownLines(rationale, 78), ...markdownLines(evidence, 78)]) {
      assert.ok(
        line.length <= 78 || line.startsWith('    ') || !line.trim().includes(' '),
        `${id}: ${line}`,
      );
    }
  }
});
