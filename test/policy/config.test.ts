import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { rules } from '../../rules/index.ts';
import { UsageError, UsageErrors } from '../../src/base/errors.ts';
import { profileOf } from '../../src/commands/settings/settings.ts';
import type { Config } from '../../src/policy/config/config.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { parseConfig } from '../../src/policy/config/document.ts';
import { initialConfig } from '../../src/policy/config/initial-config.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import { defaultGate } from '../../src/policy/policy.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { processorTime } from '../support/processor-time.ts';
import { repositoryRoot } from '../support/repository.ts';

const shape = configShape(
  rules.map(({ id }) => id),
  profiles.map(({ name }) => name),
);

function read(text: string): Config {
  const node = parseConfig(text, 'c.yaml');
  return node === null ? {} : shape.read(node);
}

/** What is right, and what is wrong with where and why. */
const good: readonly string[] = [
  'profile: alpine',
  'rules: {pie: off, relro: critical}',
  'rules:\n  pie: {level: low, reason: because}',
  'overrides:\n  - path: /a/**\n    package: [x, y*]\n    layer: own\n    kind: shared-library\n    rules: {pie: note}',
  'exclude: /a/**',
  'exclude: [/a, /b]',
  'gate: {fail-on: high}',
  'gate: {fail-on: [critical, pie, relro], fail-on-unknown: true}',
  'gate: {fail-on: none, coverage: {pie: 100, stack-protector: 95.5}, coverage-of: own}',
  'gate: {maximum: {medium: 3, pie: 0}, allow-empty: false}',
  'waivers:\n  - rule: pie\n    reason: x\n    expires: 2030-12-31',
  `waivers: [{rule: pie, reason: x, digest: ${'ab'.repeat(32)}, build-id: [abc]}]`,
  'overrides:\n  - whose: [dependency, distribution]\n    rules: {pie: note}',
  'waivers:\n  - rule: pie\n    whose: dependency\n    reason: x',
  'dependencies:\n  - name: node\n    version: 22.11.0\n    path: /usr/local/bin/node\n    reason: x',
  `dependencies: [{name: node, digest: ${'ab'.repeat(32)}, reason: x}]`,
  'dependencies: [{name: node, package: nodejs, reason: x}]',
  `yours: [acmed, '@acme/*', /opt/acme/**, 'A <a@acme.example>', pkg:npm/@acme/*, ${'ab'.repeat(32)}]`,
  "yours:\n  - package: [acmed, acme-*]\n    maintainer: '*@acme.example'\n    reason: x",
  'baseline: b.json',
  'limits: {max-file-size: 512M, max-entries: 10}',
  '{"profile": "debian", "gate": {"fail-on": ["low"]}}',
];

const bad: readonly (readonly [text: string, want: RegExp])[] = [
  ['yours: acmed', /^c\.yaml:1:8: "acmed" is not allowed here, expected a list of what is yours$/],
  [
    'yours: [{pakage: acmed}]',
    /^c\.yaml:1:10: there is no setting "pakage" here; did you mean package\?$/,
  ],
  ['profil: alpine', /^c\.yaml:1:1: there is no setting "profil" here; did you mean profile\?$/],
  ['profile: alpin', /^c\.yaml:1:10: "alpin" is not a profile; did you mean alpine\?$/],
  ['profile: [alpine]', /^c\.yaml:1:10: a list is not allowed here, expected one of /],
  ['rules:\n  pi: off', /^c\.yaml:2:3: "pi" is not a rule; did you mean pie\?$/],
  ['rules:\n  pie: hihg', /^c\.yaml:2:8: "hihg" is not a level; did you mean high\?$/],
  ['rules: [pie]', /^c\.yaml:1:8: a list is not allowed here, expected names with values$/],
  ['rules:\n  pie: {reason: x}', /^c\.yaml:2:8: level is missing$/],
  [
    'overrides:\n  path: /x',
    /^c\.yaml:2:3: a group of settings is not allowed here, expected a list of overrides$/,
  ],
  ['overrides: [{path: /x}]', /^c\.yaml:1:13: rules is missing$/],
  [
    'waivers: [{rule: pie, whose: own, reason: x}]',
    /^c\.yaml:1:30: "own" is not allowed here, expected one of yours, dependency, distribution$/,
  ],
  ['dependencies: [{path: /x, reason: x}]', /^c\.yaml:1:16: name is missing$/],
  ['dependencies: [{name: x, path: /x}]', /^c\.yaml:1:16: reason is missing$/],
  ['exclude: ["+(a|+(a))"]', /^c\.yaml:1:11: .* has a group in parentheses/],
  ['exclude: ["*a*a*a*a*a*a*a*a*b"]', /^c\.yaml:1:11: .* has more stars than any name needs$/],
  ['gate: {fail-on: [high, low]}', /^c\.yaml:1:17: high and low are 2 severities, expected one$/],
  [
    'gate: {fail-on: worst}',
    /^c\.yaml:1:17: "worst" is not allowed here, expected a severity, none or a rule$/,
  ],
  [
    'gate: {coverage: {pie: 101}}',
    /^c\.yaml:1:24: 101 is not allowed here, expected a number from 0 to 100$/,
  ],
  ['gate: {coverage: {pie: "1"}}', /expected a number from 0 to 100$/],
  ['gate: {maximum: {pie: 1.5}}', /expected a whole number from 0/],
  ['gate: {fail-on-unknown: yes}', /"yes" is not allowed here, expected true or false$/],
  ['waivers: [{rule: pie}]', /^c\.yaml:1:11: reason is missing$/],
  ['waivers: [{rule: pie, reason: ""}]', /expected a sentence$/],
  [
    'waivers: [{rule: pie, reason: x, expires: 2030-02-30}]',
    /"2030-02-30" is not a date such as 2027-01-31$/,
  ],
  ['waivers: [{rule: pie, reason: x, digest: abc}]', /is not a sha256: 64 hexadecimal digits$/],
  ['limits: {max-file-size: big}', /"big" is not a size/],
  ['limits: {max-entries: 0}', /expected a whole number from 1/],
  ['- a', /^c\.yaml:1:1: a list is not allowed here, expected settings/],
  ['42', /^c\.yaml:1:1: 42 is not allowed here/],
];

test('a configuration is read as it is written', () => {
  for (const text of good) assert.doesNotThrow(() => read(text), text);
  assert.deepEqual(read('exclude: /a'), { exclude: ['/a'] });
  assert.deepEqual(read('# nothing\n'), {});
});

test('a mistake is told with its place, what was seen and what is allowed', () => {
  for (const [text, want] of bad)
    assert.throws(
      () => read(text),
      (error) => error instanceof UsageError && want.test(error.message),
      text,
    );
});

test('all mistakes of a file are told, each with its place', () => {
  const text = `profil: alpine
rules: {pi: off, relro: hihg}
gate: {fail-on: high, maximum: {pie: -1}}
waivers:
  - {rule: pi, path: '{a', expires: soon}
`;
  assert.throws(
    () => read(text),
    (error) => {
      assert.ok(error instanceof UsageErrors);
      assert.deepEqual(
        error.mistakes.map((each) => each.replace(/^c\.yaml:(\d+:\d+): (.{0,24}).*$/s, '$1 $2')),
        [
          '1:1 there is no setting "pro',
          '2:9 "pi" is not a rule; did ',
          '2:25 "hihg" is not a level; d',
          '3:38 -1 is not allowed here, ',
          '5:12 "pi" is not a rule; did ',
          '5:22 "{a" has a brace without',
          '5:37 "soon" is not a date suc',
          '5:5 reason is missing',
        ],
      );
      return true;
    },
  );
  const many = Array.from({ length: 1000 }, (_, at) => `wrong${at}: 1`).join('\n');
  assert.throws(
    () => read(many),
    (error) => error instanceof UsageErrors && error.mistakes.length === 20,
  );
});

test('the published schema accepts what the reader accepts, and refuses what it refuses', () => {
  const schema = JSON.parse(
    readFileSync(join(repositoryRoot, 'schema/config.schema.json'), 'utf8'),
  );
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const valid = ajv.compile(schema);
  for (const text of good)
    assert.ok(valid(parse(text)), `${text}: ${ajv.errorsText(valid.errors)}`);
  // What a glob must be is more than a schema can say.
  for (const [text] of bad.filter(([, want]) => !/parentheses|stars/.test(want.source)))
    assert.ok(!valid(parse(text)), text);
});

for (const profile of profiles)
  test(`what init writes has the gate of the profile that it names: ${profile.name}`, () => {
    const config = read(initialConfig(profile));
    assert.equal(config.profile, profile.name);
    const { gate } = policyOf(config, profile, { today: '2026-01-01', baseline: null });
    assert.deepEqual(gate, { ...defaultGate, ...profile.gate });
  });

test('what init writes is a configuration, also with every comment taken out', () => {
  const whole = initialConfig(profileOf('default'))
    .replace(/^# yaml-language-server.*$/m, '')
    .replace(/^(\s*)# (?=[\s-]|[a-z-]+:)(.*)$/gm, '$1$2');
  const config = read(whole);
  assert.deepEqual(Object.keys(config).sort(), [
    'baseline',
    'dependencies',
    'exclude',
    'gate',
    'limits',
    'overrides',
    'profile',
    'rules',
    'waivers',
    'yours',
  ]);
});

/** Everything that a hostile change of a repository could make of a configuration. */
const hostile: readonly (readonly [name: string, text: string])[] = [
  ['aliases', 'a: &x [1]\nb: *x\n'],
  [
    'a bomb of aliases',
    `a: &a [x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [*${'abcdefg'[index]},*${'abcdefg'[index]}]`).join('\n')}`,
  ],
  ['10 MB', `a: ${'x'.repeat(10 * 1024 ** 2)}`],
  ['many lines', '#\n'.repeat(200_000)],
  ['many items', `exclude: [${'a,'.repeat(120_000)}]`],
  ['many pairs of brackets', '[]'.repeat(120_000)],
  ['deep brackets', '['.repeat(200_000)],
  ['deep braces', '{a: '.repeat(60_000)],
  ['deep dashes', '- '.repeat(120_000)],
  ['deep questions', '? '.repeat(120_000)],
  [
    'deep indentation',
    Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  ],
  ['an endless quote', `a: "${'\\'.repeat(200_000)}`],
  ['a quote of many lines', `a: "${'x\n'.repeat(100_000)}"`],
  ['tags', 'a: !!js/function "x"\n'],
  ['binary', 'a: !!binary aGVsbG8=\n'],
  ['merge keys', '<<: {profile: alpine}\n'],
  ['twice the same', 'profile: alpine\nprofile: debian\n'],
  ['two documents', 'profile: alpine\n---\nprofile: debian\n'],
  ['the prototype', '__proto__: {profile: alpine}\n'],
  ['a map as a key', '? {a: b}\n: c\n'],
  ['no number', 'limits: {max-entries: .nan}\n'],
  ['endless', 'limits: {max-entries: .inf}\n'],
  ['control characters', 'profile: "\\0\\e[2J"\n'],
  ['many anchors', '&a '.repeat(80_000)],
];

test('hostile configuration ends soon, with a place', () => {
  for (const [name, text] of hostile) {
    const begun = processorTime();
    assert.throws(
      () => read(text),
      (error) => error instanceof UsageError && /^c\.yaml:\d+:\d+: /.test(error.message),
      name,
    );
    const took = processorTime(begun);
    assert.ok(took < 30_000, `${name} took ${took} ms`);
  }
});
