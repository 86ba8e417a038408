import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { rules } from '../../rules/index.ts';
import { UsageError, UsageErrors } from '../../src/base/errors.ts';
import type { Config } from '../../src/policy/config/config.ts';
import { limitsText } from '../../src/policy/config/config-limits.ts';
import { positionText } from '../../src/policy/config/config-node.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { profileOf } from '../../src/policy/config/effective.ts';
import { initialConfig } from '../../src/policy/config/initial-config.ts';
import { attempt } from '../../src/policy/config/mistakes.ts';
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
  return readConfig(text, 'c.yaml', shape) ?? {};
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
  [
    'yours: acmed',
    /^c\.yaml:1:8: "acmed" is not allowed here, expected a list of what is yours: write \[ and \] around it/,
  ],
  [
    'yours: [{pakage: acmed}]',
    /^c\.yaml:1:10: there is no setting "pakage" here; did you mean package\?$/,
  ],
  ['profil: alpine', /^c\.yaml:1:1: there is no setting "profil" here; did you mean profile\?$/],
  ['profile: alpin', /^c\.yaml:1:10: "alpin" is not a profile; did you mean alpine\?$/],
  ['profile: [alpine]', /^c\.yaml:1:10: a list is not allowed here, expected one of /],
  ['rules:\n  pi: off', /^c\.yaml:2:3: "pi" is not a rule; did you mean pie\?$/],
  ['rules:\n  pie: hihg', /^c\.yaml:2:8: "hihg" is not a level; did you mean high\?$/],
  [
    'rules: [pie]',
    /^c\.yaml:1:8: a list is not allowed here, expected names with values: write them without dashes$/,
  ],
  ['rules:\n  pie: {reason: x}', /^c\.yaml:2:8: level is missing$/],
  [
    'overrides:\n  path: /x',
    /^c\.yaml:2:3: a group of settings is not allowed here, expected a list of overrides: write a dash in front of it$/,
  ],
  ['overrides: [{path: /x}]', /^c\.yaml:1:13: rules is missing$/],
  [
    'waivers: [{rule: pie, whose: own, reason: x}]',
    /^c\.yaml:1:30: "own" is not yours, dependency or distribution; did you mean yours\?$/,
  ],
  ['dependencies: [{path: /x, reason: x}]', /^c\.yaml:1:16: name is missing$/],
  ['dependencies: [{name: x, path: /x}]', /^c\.yaml:1:16: reason is missing$/],
  ['exclude: ["+(a|+(a))"]', /^c\.yaml:1:11: .* has a group in parentheses/],
  ['exclude: ["*a*a*a*a*a*a*a*a*b"]', /^c\.yaml:1:11: .* has more stars than any name needs$/],
  ['gate: {fail-on: [high, low]}', /^c\.yaml:1:17: high and low are 2 severities, expected one$/],
  [
    'gate: {fail-on: worst}',
    /^c\.yaml:1:17: "worst" is not allowed here, expected a severity, none or a rule \(hullcheck rules lists the rules\)$/,
  ],
  [
    'gate: {coverage: {pie: 101}}',
    /^c\.yaml:1:24: 101 is not allowed here, expected a number from 0 to 100$/,
  ],
  ['gate: {coverage: {pie: "1"}}', /expected a number from 0 to 100: write 1 /],
  ['gate: {maximum: {pie: 1.5}}', /expected a whole number from 0/],
  [
    'gate: {fail-on-unknown: yes}',
    /"yes" is not allowed here, expected true or false: write true$/,
  ],
  ['waivers: [{rule: pie}]', /^c\.yaml:1:11: reason is missing$/],
  ['waivers: [{rule: pie, reason: ""}]', /expected a sentence$/],
  [
    'waivers: [{rule: pie, reason: x, expires: 2030-02-30}]',
    /"2030-02-30" is not a date such as 2027-01-31$/,
  ],
  [
    'waivers: [{rule: pie, reason: x, digest: abc}]',
    /"abc" is not a sha256: it has 3 hexadecimal digits, expected 64 hexadecimal digits$/,
  ],
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

test('a mistake is reported with its place, what was seen and what is allowed', () => {
  for (const [text, want] of bad)
    assert.throws(
      () => read(text),
      (error) => error instanceof UsageError && want.test(error.message),
      text,
    );
});

test('all mistakes of a file are reported, each with its place', () => {
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
          '5:5 reason is missing',
          '5:12 "pi" is not a rule; did ',
          '5:22 "{a" has a brace without',
          '5:37 "soon" is not a date suc',
        ],
      );
      return true;
    },
  );
  const many = Array.from({ length: 1000 }, (_, at) => `wrong${at}: 1`).join('\n');
  assert.throws(
    () => read(many),
    (error) =>
      error instanceof UsageErrors &&
      error.mistakes.length === 51 &&
      error.mistakes.at(-1) === 'and 950 more mistakes',
  );
});

/** Which are reported together, by line and column; what follows from damage of the syntax is not. */
const together: readonly (readonly [
  name: string,
  file: string,
  text: string,
  want: readonly string[],
])[] = [
  [
    'what YAML itself refuses, and what the settings do',
    'c.yaml',
    'profil: alpine\nexclude: [*.so, /a, *]\nyours: [@acme/x]\nrules: !x {pie: of}\nrules: {}\n<<: {}\n',
    [
      '1:1 there is no setting "profil"',
      '2:11 a glob that begins with * needs quotes: "*.so"',
      '2:21 a glob that begins with * needs quotes: "*"',
      '3:9 a value that begins with @ needs quotes',
      '4:11 the tag !x: values have no tags here',
      '5:1 rules is given twice; the first is in line 4',
      '6:1 merge keys (<<) are not followed',
    ],
  ],
  [
    'a wrong name and its wrong value',
    'c.yaml',
    'rules: {PIE: of}\n',
    ['1:9 "PIE" is not a rule; did you mean pie?', '1:14 "of" is not a level; did you mean off?'],
  ],
  [
    'damage, and only what stands before it',
    'c.yaml',
    'rules:\n  pi: off\n relro: low\nprofil: x\n',
    ['2:3 "pi" is not a rule', '3:1 names of one group begin in the same column'],
  ],
  [
    'a quote without an end, where it begins',
    'c.yaml',
    'profile: debian\nbaseline: "x\nrules: {}\n',
    ['2:11 the quote has no end'],
  ],
  [
    'what JSON has not',
    'c.json',
    '{\n // why\n "profil": "alpine",\n \'rules\': {"pie": of,},\n "exclude": ["/a" "/b"]\n "gate": {},\n}\n',
    [
      '2:2 JSON has no comments',
      '3:2 there is no setting "profil"',
      '4:2 single quotes: JSON has double quotes only',
      '4:19 of needs double quotes',
      '4:19 "of" is not a level',
      '4:21 a comma after the last item',
      '5:19 a comma or ] belongs here',
      '6:2 a comma or } belongs here',
      '6:12 a comma after the last item',
    ],
  ],
  [
    'of a package.json, what is wrong anywhere in it, and settings of the one member',
    'package.json',
    '{"name": "x", "hullcheck": {"profil": "x",}, "more": {"profil": 1e999}}',
    [
      '1:29 there is no setting "profil"',
      '1:42 a comma after the last item',
      '1:65 1e999 is not a number that can be read',
    ],
  ],
  [
    'control characters',
    'c.yaml',
    'profil: "\0"\n',
    ['1:1 there is no setting "profil"', '1:10 the control character U+0000'],
  ],
  [
    'a second document',
    'c.yaml',
    '---\nprofil: x\n---\nprofile: y\n',
    ['2:1 there is no setting "profil"', '3:1 a second document, expected one'],
  ],
];

for (const [name, file, text, want] of together)
  test(`all mistakes are reported together: ${name}`, () => {
    assert.throws(
      () => readConfig(text, file, shape),
      (error) => {
        assert.ok(error instanceof UsageErrors);
        const said = error.mistakes.map((each) => each.replace(/^[^:]+:(\d+:\d+): /, '$1 '));
        assert.deepEqual(
          said.map((each, at) => each.slice(0, want[at]?.length)),
          want,
        );
        return true;
      },
    );
  });

test('bytes that are not UTF-8 are mistakes, each line once, and a byte order mark is none', () => {
  const mistakes = (bytes: Buffer) =>
    (attempt(() => readConfig(bytes, 'c.yaml', shape)).mistakes ?? []).map(
      ({ at, message }) => `${positionText(at)}: ${message}`,
    );
  const latin = Buffer.from('profile: debian\n# f\u00fcr \u00e4lt\nbaseline: "\u00df"\n', 'latin1');
  assert.deepEqual(
    mistakes(latin).map((each) => each.slice(0, 42)),
    ['c.yaml:2:4: bytes that are not UTF-8, but ', 'c.yaml:3:12: bytes that are not UTF-8, but'],
  );
  assert.match(mistakes(Buffer.from('\ufeffa: 1', 'utf16le')).join(), /the file is UTF-16/);
  assert.deepEqual(mistakes(Buffer.from('\ufeffprofile: debian\n')), []);
  assert.deepEqual(mistakes(Buffer.from('{"profile": "debian"}\n')), []);
});

test('the guide and the messages name the same limits', () => {
  const guide = readFileSync(join(repositoryRoot, 'docs/policy.md'), 'utf8');
  assert.ok(guide.includes(limitsText), limitsText);
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
  ['many items', `exclude: [${'a,'.repeat(210_000)}]`],
  ['many pairs of brackets', '[]'.repeat(220_000)],
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
  ['a million keys', Array.from({ length: 1_000_000 }, (_, at) => `"k${at}":1,`).join('')],
  [
    'keys up to the limit',
    `{"rules": {${Array.from({ length: 60_000 }, (_, at) => `"pie${at}":"of"`).join()}}}`,
  ],
  ['an endless line', `{"profile": "${'x'.repeat(1_900_000)}"}`],
  ['bytes of zero', '\0'.repeat(1_000_000)],
  ['comments without an end', '/*'.repeat(900_000)],
  ['commas', `[${','.repeat(900_000)}`],
  ['quotes', '["'.repeat(400_000)],
];

for (const file of ['c.yaml', 'c.json'])
  test(`hostile configuration ends soon, with a place: ${file}`, () => {
    for (const [name, text] of hostile) {
      const begun = processorTime();
      assert.throws(
        () => readConfig(text, file, shape),
        (error) => error instanceof UsageError && /^c\.[a-z]+:\d+:\d+: /.test(error.message),
        name,
      );
      const took = processorTime(begun);
      assert.ok(took < 30_000, `${name} took ${took} ms`);
    }
  });
