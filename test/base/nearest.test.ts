import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../src/base/nearest.ts';

const candidates = ['pie', 'relro', 'stack-protector', 'bind-now'];

test('the candidate spelled most like the word is found, and none when all are far', () => {
  const table = [
    { word: 'pei', want: 'pie' },
    { word: 'xyz', want: null },
    { word: 'pi', want: 'pie' },
    { word: 'relo', want: 'relro' },
    { word: 'stack-protecter', want: 'stack-protector' },
    { word: 'stackprotector', want: 'stack-protector' },
    { word: 'pie', want: 'pie' },
    { word: '', want: null },
    { word: 'x'.repeat(100_000), want: null },
  ];
  for (const { word, want } of table)
    assert.equal(nearest(word, candidates), want, word.slice(0, 20));
});
