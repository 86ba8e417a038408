import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeJson, escapeText } from '../../src/base/escape.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';

/** Everything that may not reach a terminal; written without the Unicode classes that the code itself uses. */
const dangerous =
  /[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/u;

test('escaped text has nothing left that a terminal would act on', () => {
  for (const [name, hostile] of Object.entries(hostileNames))
    assert.doesNotMatch(escapeText(hostile), dangerous, name);
});

test('escaping spells out what was there', () => {
  const table = [
    { input: 'plain text, 日本語 😀', want: 'plain text, 日本語 😀' },
    { input: 'a\nb\rc\td', want: 'a\\nb\\rc\\td' },
    { input: '\x1b[2J\x07\x7f', want: '\\x1b[2J\\x07\\x7f' },
    { input: '\u009b\u202e\u200b', want: '\\u{009b}\\u{202e}\\u{200b}' },
    { input: '\u{e0041}\ud800', want: '\\u{e0041}\\u{d800}' },
  ];
  for (const { input, want } of table) assert.equal(escapeText(input), want);
});

test('escaped JSON is inert, and a parser reads the same value from it', () => {
  for (const [name, hostile] of Object.entries(hostileNames)) {
    const json = escapeJson(JSON.stringify(hostile));
    assert.doesNotMatch(json, dangerous, name);
    assert.equal(JSON.parse(json), hostile, name);
  }
});
