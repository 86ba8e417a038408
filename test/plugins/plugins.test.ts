import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, notKnown } from '../../src/base/fact.ts';
import { judge } from '../../src/judge/judge.ts';
import { loadPlugin, type Plugin } from '../../src/plugins/load-plugin.ts';
import { verdictFacts } from './facts.ts';

const load = (text: string, answer = 30): Promise<Plugin> =>
  loadPlugin(
    { name: 'rules/x.mjs', url: 'file:///nowhere/x.mjs', text, sha256: '0'.repeat(64) },
    { load: 60, answer },
  );

/** A module with one rule, whose function is given. */
const rule = (check: string, more = '') => `
import { defineRule, fail, notApplicable, pass, unknown } from 'hullcheck/rule';
${more}
export default defineRule({
  id: 'acme/no-foo', title: 'Nothing needs foo', severity: 'medium', otherSeverities: ['low'],
  remediation: 'Do not link foo.', needs: ['needed'], check: ${check},
});`;

const facts = verdictFacts({ needed: known(['libfoo.so.1']) });

async function verdictOf(text: string, of = facts, answer = 60) {
  const plugin = await load(text, answer);
  try {
    const [verdict] = judge(plugin.rules, of);
    return verdict;
  } finally {
    plugin.close();
  }
}

test('a rule judges by its facts, and its texts are those of a rule', async () => {
  const plugin = await load(
    rule(`({ needed }) => needed.some((name) => name.startsWith('libfoo.'))
      ? fail('it needs foo', [{ what: 'DT_NEEDED', saw: needed.join() }], { severity: 'low' })
      : pass('it does not need foo')`),
  );
  const [found] = plugin.rules;
  assert.equal(found?.id, 'acme/no-foo');
  assert.equal(found?.from, 'rules/x.mjs');
  assert.deepEqual(found?.remediation, { image: 'Do not link foo.' });
  const judged = (needed: readonly string[]) =>
    judge(plugin.rules, { ...facts, needed: known(needed) })[0];
  const { outcome, severity, message, evidence } = judged(['libfoo.so.1']) ?? {};
  assert.deepEqual(
    { outcome, severity, message, evidence },
    {
      ...{ outcome: 'fail', severity: 'low', message: 'it needs foo' },
      evidence: [{ what: 'DT_NEEDED', saw: 'libfoo.so.1' }],
    },
  );
  assert.equal(judged(['libc.so.6'])?.outcome, 'pass');
  plugin.close();
});

test('a fact that is not known makes the verdict unknown, and the rule is not asked', async () => {
  const verdict = await verdictOf(rule("() => pass('asked')"), {
    ...facts,
    needed: notKnown('the table is damaged', 'damage'),
  });
  assert.equal(verdict?.outcome, 'unknown');
  assert.equal(verdict?.message, 'the table is damaged');
  assert.equal(verdict?.undecidedBy, 'damage');
});

test('big numbers and evidence with a place pass through', async () => {
  const verdict = await verdictOf(
    rule("() => pass('it is', [{ what: 'a', saw: 'b', offset: 2n ** 60n }])"),
  );
  assert.deepEqual(verdict?.evidence, [{ what: 'a', saw: 'b', offset: 2n ** 60n }]);
});

const hostile: readonly {
  readonly name: string;
  readonly text: string;
  readonly because: RegExp;
  readonly by?: 'limit';
}[] = [
  {
    name: 'one that throws',
    text: rule("() => { throw new RangeError('no\\u001b[31m such\\ud800 thing') }"),
    because: /^it threw RangeError: no\x1b\[31m such\\x00 thing$/,
  },
  {
    name: 'one that throws what has no text',
    text: rule('() => { throw { toString() { throw 1 } } }'),
    because: /^it threw something that has no text$/,
  },
  {
    name: 'one that loops',
    text: rule('() => { for (;;); }'),
    because: /^it does not answer within 4 seconds, or ran out of memory$/,
    by: 'limit',
  },
  {
    name: 'a regular expression that never ends',
    text: rule("() => /^(a+)+$/.test('a'.repeat(60) + '!')"),
    because: /^it does not answer within 4 seconds/,
    by: 'limit',
  },
  {
    name: 'one that takes all memory',
    text: rule('() => { const all = []; for (;;) all.push(new Array(1e5).fill(0.5)); }'),
    because: /^it does not answer within 4 seconds, or ran out of memory$/,
    by: 'limit',
  },
  {
    name: 'one that ends the process',
    text: rule('() => { process.exitCode = 0; process.exit(0) }'),
    because: /^it threw Error: process.exit was called$/,
  },
  { name: 'a promise', text: rule("async () => pass('later')"), because: /promise/ },
  {
    name: 'true',
    text: rule('() => true'),
    because: /^it answered with a boolean, expected a verdict$/,
  },
  {
    name: 'nothing',
    text: rule('() => {}'),
    because: /^it answered with nothing, expected a verdict$/,
  },
  {
    name: 'an object of another kind',
    text: rule('() => ({ pass: true })'),
    because: /no outcome/,
  },
  {
    name: 'another outcome',
    text: rule("() => ({ outcome: 'ok', message: 'fine', evidence: [] })"),
    because: /no outcome/,
  },
  {
    name: 'a function in its answer',
    text: rule("() => ({ ...pass('x'), evidence: [{ what: () => 1, saw: '' }] })"),
    because: /^its answer is not plain data$/,
  },
  {
    name: 'a severity that it does not declare',
    text: rule("() => fail('x', [], { severity: 'note' })"),
    because: /a severity that it does not declare/,
  },
  {
    name: 'evidence of another kind',
    text: rule("() => pass('x', [{ what: 1 }])"),
    because: /evidence that is not a list/,
  },
  {
    name: 'a prototype that says pass',
    text: rule(
      "() => { Object.prototype.outcome = 'pass'; Object.prototype.message = 'all is well'; return {} }",
    ),
    because: /no outcome/,
  },
];

for (const { name, text, because, by = 'damage' } of hostile)
  test(`${name} leaves the verdict unknown, as a problem`, async () => {
    const verdict = await verdictOf(text, facts, by === 'limit' ? 4 : 60);
    assert.equal(verdict?.outcome, 'unknown');
    assert.match(verdict?.message ?? '', because);
    assert.equal(verdict?.undecidedBy, by);
  });

test('a prototype that is changed in a plug-in is not changed here', async () => {
  await verdictOf(
    rule(
      "() => { Object.prototype.polluted = true; Array.prototype.map = null; return pass('x') }",
    ),
  );
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.equal(typeof [].map, 'function');
});

test('a rule that loops is asked three times, and its neighbours go on', async () => {
  const plugin = await load(
    `import { defineRule, pass } from 'hullcheck/rule';
    const of = (id, check) => defineRule({ id, title: 't', severity: 'low', remediation: 'r', needs: [], check });
    let asked = 0;
    export default [of('acme/loops', () => { for (;;); }), of('acme/sound', () => pass('it is sound'))];`,
    3,
  );
  const messages = [1, 2, 3, 4].map(() => judge(plugin.rules, facts).map(({ message }) => message));
  plugin.close();
  assert.deepEqual(
    messages.map(([loops]) => loops),
    [
      ...[1, 2, 3].map(() => 'it does not answer within 3 seconds, or ran out of memory'),
      'it did not answer 3 times, and is not asked any more',
    ],
  );
  assert.deepEqual(new Set(messages.map(([, sound]) => sound)), new Set(['it is sound']));
});

test('long answers are cut', async () => {
  const verdict = await verdictOf(
    rule(
      "() => fail('x'.repeat(1e7), Array.from({ length: 1000 }, () => ({ what: 'w', saw: 's'.repeat(1e4) })))",
    ),
  );
  assert.equal(verdict?.outcome, 'fail');
  assert.ok((verdict?.message.length ?? 0) < 500);
  assert.equal(verdict?.evidence.length, 51);
  assert.deepEqual(verdict?.evidence.at(-1), { what: 'evidence left out', saw: '950' });
});

const broken: readonly { readonly name: string; readonly text: string; readonly why: RegExp }[] = [
  { name: 'no module', text: 'export default {', why: /does not load: SyntaxError/ },
  {
    name: 'one that throws',
    text: "throw new Error('at once')",
    why: /does not load: Error: at once$/,
  },
  {
    name: 'one without a default export',
    text: 'export const x = 1',
    why: /has no default export$/,
  },
  { name: 'a rule that is a number', text: 'export default 7', why: /a rule is not an object$/ },
  {
    name: 'a rule without check',
    text: "export default { id: 'acme/x' }",
    why: /has no function check$/,
  },
  {
    name: 'another file',
    text: "import './other.mjs'; export default []",
    why: /it imports \.\/other\.mjs: a plug-in is one file/,
  },
  {
    name: 'the ID of a rule of hullcheck',
    text: rule("() => pass('x')").replace('acme/no-foo', 'pie'),
    why: /a rule has the id "pie", expected a prefix and a name such as acme\/no-foo/,
  },
  {
    name: 'an ID that is a way out',
    text: rule("() => pass('x')").replace('acme/no-foo', 'acme/../../x'),
    why: /a rule has the id "acme\/\.\.\/\.\.\/x"/,
  },
  {
    name: 'a fact that is not one',
    text: rule("() => pass('x')").replace("['needed']", "['neded']"),
    why: /acme\/no-foo: needs has "neded", which is not a fact; did you mean needed\?$/,
  },
  {
    name: 'another severity',
    text: rule("() => pass('x')").replace("'medium'", "'off'"),
    why: /severity is "off", expected critical, high, medium, low, note$/,
  },
  {
    name: 'another kind',
    text: rule("() => pass('x')").replace('needs:', "kinds: ['library'], needs:"),
    why: /kinds has "library", which is not a kind of binary/,
  },
  {
    name: 'a misspelled member',
    text: rule("() => pass('x')").replace('title:', "remedation: 'x', title:"),
    why: /there is no member "remedation"; did you mean remediation\?$/,
  },
  {
    name: 'two rules of one ID',
    text:
      rule("() => pass('x')").replace('export default ', 'const one = ') +
      'export default [one, one];',
    why: /two rules have this id$/,
  },
];

for (const { name, text, why } of broken)
  test(`it is a mistake: ${name}`, async () => {
    await assert.rejects(load(text), (error: Error) => {
      assert.equal(error.name, 'UsageError');
      assert.match(error.message, why);
      assert.match(error.message, /^the plug-in rules\/x\.mjs: /);
      return true;
    });
  });

test('one that loops while it loads is ended', async () => {
  const file = { name: 'x.mjs', url: 'file:///nowhere/x.mjs', text: 'for (;;);', sha256: '' };
  await assert.rejects(loadPlugin(file, { load: 2, answer: 1 }), /does not load within 2 seconds/);
});
