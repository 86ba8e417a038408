import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { known } from '../../src/base/fact.ts';
import type { Rule } from '../../src/judge/rule.ts';
import { firstSentence, remediesFor } from '../../src/reporters/remedies/remedy.ts';
import { binary, factsWith, target, verdict } from '../support/reports/report-builder.ts';

test('the first sentence of a remedy says what to do', () => {
  const table = [
    ['Link with `-Wl,-z,now`. More follows.', 'Link with -Wl,-z,now'],
    ['x86: compile with `-fcf-protection`. More.', 'x86: compile with -fcf-protection'],
    ['x86: `-a`; AArch64: `-b`. More.', 'x86: -a; AArch64: -b'],
    ['In Cargo.toml: `strip = true`', 'In Cargo.toml: strip = true'],
    [
      'Compile every file of the program with this: `-a`',
      'Compile every file of the program with this',
    ],
    ['Remove `-Z sanitizer=...` and build again. More.', 'Remove -Z sanitizer=... and build again'],
    ['See [the guide](https://example.org/a.b) first! More.', 'See the guide first!'],
    ['No full stop', 'No full stop'],
  ] as const;
  for (const [markdown, want] of table) assert.equal(firstSentence(markdown), want);
});

test('no remedy of a rule is cut to a word or two', () => {
  for (const { id, remediation } of rules) {
    for (const [toolchain, text] of Object.entries(remediation)) {
      const sentence = firstSentence(text);
      assert.ok(sentence.length >= 16, `${id} ${toolchain}: ${sentence}`);
    }
  }
});

test('the first sentence says what to do, not that there is nothing to do: it stands next to a finding', () => {
  for (const { id, remediation } of rules)
    for (const [toolchain, text] of Object.entries(remediation))
      assert.doesNotMatch(firstSentence(text), /needs none/, `${id} ${toolchain}`);
});

test('what fixes most findings of a rule comes first', () => {
  const rule = { ...rules.find(({ id }) => id === 'pie'), id: 'pie' } as Rule;
  const finding = (language: string) => {
    const spoken = [{ name: language, version: null, evidence: [] }] as never;
    const seen = binary({ path: '/a', facts: factsWith({ language: known(spoken) }) });
    return { target: target({}), judged: seen, verdict: verdict({ rule: 'pie' }) };
  };
  const of = (...languages: readonly string[]) =>
    remediesFor(languages.map(finding), [rule]).map(({ toolchain }) => toolchain);
  assert.deepEqual(of('go', 'c', 'c'), ['gcc', 'go']);
  assert.deepEqual(of('go', 'go', 'c'), ['go', 'gcc']);
  assert.deepEqual(remediesFor([finding('c')], []), []);
});
