import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { enforceLocksOnOptions } from '../../src/commands/settings/locked-options.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';

/** A policy of an organisation, with the line of its locks first. */
const org = (locked: string) => `locked: ${locked}
profile: default
rules: {pie: high, relro: medium}
overrides:
  - path: /opt/**
    rules: {pie: critical}
gate:
  of: all
  fail-on: [high, pie]
  fail-on-unknown: true
  worse-than: medium
  coverage: {relro: 80, pie: 100}
  maximum: {low: 5, relro: 3}
  allow-empty: false
  platforms: all
limits: {max-file-size: 512M, max-nesting: 3}
`;

interface Try {
  readonly name: string;
  readonly yaml?: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The name of the setting that the message must have. */
  readonly setting: string;
}

const waiver = 'waivers:\n  - rule: pie\n    reason: x\n';
const tries: readonly Try[] = [
  { name: 'a lower threshold', yaml: 'gate: {fail-on: critical}', setting: 'gate.fail-on' },
  { name: 'no threshold', yaml: 'gate: {fail-on: none}', setting: 'gate.fail-on' },
  { name: 'a threshold without its rule', yaml: 'gate: {fail-on: low}', setting: 'gate.fail-on' },
  { name: 'rules in place of a severity', yaml: 'gate: {fail-on: [pie]}', setting: 'gate.fail-on' },
  { name: 'fewer owners', yaml: 'gate: {of: dependencies}', setting: 'gate.of' },
  { name: 'own files alone', yaml: 'gate: {of: yours}', setting: 'gate.of' },
  {
    name: 'unknown verdicts',
    yaml: 'gate: {fail-on-unknown: false}',
    setting: 'gate.fail-on-unknown',
  },
  { name: 'fewer lost verdicts', yaml: 'gate: {worse-than: high}', setting: 'gate.worse-than' },
  { name: 'no lost verdicts', yaml: 'gate: {worse-than: none}', setting: 'gate.worse-than' },
  {
    name: 'no lost verdicts of images by name',
    yaml: 'images: [{image: "*", gate: {worse-than: none}}]',
    setting: 'gate.worse-than',
  },
  {
    name: 'no lost verdicts by option',
    args: { 'worse-than': ['none'] },
    setting: 'gate.worse-than',
  },
  { name: 'less coverage', yaml: 'gate: {coverage: {relro: 79}}', setting: 'gate.coverage.relro' },
  { name: 'no coverage', yaml: 'gate: {coverage: {pie: 0}}', setting: 'gate.coverage.pie' },
  {
    name: 'coverage of own layers',
    yaml: 'gate: {coverage-of: own}',
    setting: 'gate.coverage-of',
  },
  { name: 'a higher maximum', yaml: 'gate: {maximum: {low: 6}}', setting: 'gate.maximum.low' },
  { name: 'more of a rule', yaml: 'gate: {maximum: {relro: 9}}', setting: 'gate.maximum.relro' },
  { name: 'an empty image', yaml: 'gate: {allow-empty: true}', setting: 'gate.allow-empty' },
  { name: 'one platform', yaml: 'gate: {platforms: chosen}', setting: 'gate.platforms' },
  { name: 'a rule that is off', yaml: 'rules: {pie: off}', setting: 'rules.pie' },
  { name: 'a lower level', yaml: 'rules: {relro: note}', setting: 'rules.relro' },
  {
    name: 'a level with a reason',
    yaml: 'rules: {pie: {level: low, reason: legacy}}',
    setting: 'rules.pie',
  },
  {
    name: 'a level of a rule that has its own',
    yaml: 'rules: {stack-protector: high}',
    setting: 'rules.stack-protector',
  },
  {
    name: 'an override of everything',
    yaml: 'overrides: [{path: "**", rules: {pie: off}}]',
    setting: 'overrides.pie',
  },
  {
    name: 'an override by package',
    yaml: 'overrides: [{package: busybox, rules: {relro: note}}]',
    setting: 'overrides.relro',
  },
  {
    name: 'an override by layer',
    yaml: 'overrides: [{layer: base, rules: {pie: medium}}]',
    setting: 'overrides.pie',
  },
  {
    name: 'an override lower than another',
    yaml: 'overrides: [{kind: executable, rules: {pie: high}}]',
    setting: 'overrides.pie',
  },
  {
    name: 'an override of a rule that has its own level',
    yaml: 'overrides: [{path: /x, rules: {bind-now: high}}]',
    setting: 'overrides.bind-now',
  },
  { name: 'a profile of a distribution', yaml: 'profile: alpine', setting: 'profile' },
  { name: 'the profile that others have', yaml: 'profile: auto', setting: 'profile' },
  { name: 'a profile that seems tighter', yaml: 'profile: strict', setting: 'profile' },
  { name: 'an exclusion', yaml: 'exclude: /usr/**', setting: 'exclude' },
  { name: 'a waiver', yaml: waiver, setting: 'waivers' },
  {
    name: 'a waiver for a day',
    yaml: `${waiver}    expires: 2026-12-01\n`,
    setting: 'waivers',
  },
  { name: 'a baseline', yaml: 'baseline: known.json', setting: 'baseline' },
  {
    name: 'a dependency',
    yaml: 'dependencies: [{name: x, path: "**", reason: y}]',
    setting: 'dependencies',
  },
  { name: 'a claim that adds passes', yaml: 'yours: ["*"]', setting: 'yours' },
  { name: 'a lower limit', yaml: 'limits: {max-file-size: 1K}', setting: 'limits.max-file-size' },
  { name: 'no nesting', yaml: 'limits: {max-nesting: 0}', setting: 'limits.max-nesting' },
  {
    name: 'a limit below its default',
    yaml: 'limits: {max-entries: 10}',
    setting: 'limits.max-entries',
  },
  { name: 'a threshold by option', args: { 'fail-on': ['none'] }, setting: 'gate.fail-on' },
  { name: 'owners by option', args: { 'gate-of': ['yours'] }, setting: 'gate.of' },
  {
    name: 'coverage by option',
    args: { coverage: ['pie=1', 'relro=80'] },
    setting: 'gate.coverage.pie',
  },
  { name: 'a maximum by option', args: { maximum: ['low=99'] }, setting: 'gate.maximum.low' },
  { name: 'emptiness by option', args: { 'allow-empty': true }, setting: 'gate.allow-empty' },
  {
    name: 'unknown verdicts by option',
    args: { 'fail-on-unknown': false },
    setting: 'gate.fail-on-unknown',
  },
  { name: 'an exclusion by option', args: { exclude: ['/x'] }, setting: 'exclude' },
  { name: 'a profile by option', args: { profile: ['static'] }, setting: 'profile' },
  { name: 'a claim by option', args: { yours: ['acme'] }, setting: 'yours' },
  { name: 'a baseline by option', args: { baseline: ['known.json'] }, setting: 'baseline' },
  {
    name: 'a limit by option',
    args: { 'max-size': ['4096'] },
    setting: 'limits.max-size',
  },
  ...(
    [
      ['HULLCHECK_FAIL_ON', 'none', 'gate.fail-on'],
      ['HULLCHECK_WORSE_THAN', 'none', 'gate.worse-than'],
      ['HULLCHECK_GATE_OF', 'yours', 'gate.of'],
      ['HULLCHECK_COVERAGE', 'relro=1', 'gate.coverage.relro'],
      ['HULLCHECK_MAXIMUM', 'low=100', 'gate.maximum.low'],
      ['HULLCHECK_ALLOW_EMPTY', '1', 'gate.allow-empty'],
      ['HULLCHECK_FAIL_ON_UNKNOWN', 'false', 'gate.fail-on-unknown'],
      ['HULLCHECK_EXCLUDE', '/usr/local/**', 'exclude'],
      ['HULLCHECK_PROFILE', 'debian', 'profile'],
      ['HULLCHECK_YOURS', '/x', 'yours'],
      ['HULLCHECK_BASELINE', 'known.json', 'baseline'],
      ['HULLCHECK_MAX_NESTING', '1', 'limits.max-nesting'],
    ] as const
  ).map(([variable, value, setting]) => ({
    name: `${variable}=${value}`,
    env: { [variable]: value },
    setting,
  })),
];

/** Where the organisation's file is in force, and where the try is. */
const ways = [
  { name: 'that --extends names', files: {}, args: { extends: ['../org.yaml'] }, env: {} },
  {
    name: 'that the environment names',
    files: {},
    args: {},
    env: { HULLCHECK_EXTENDS: '../org.yaml' },
  },
  {
    name: 'that the file of the repository extends',
    files: { 'hullcheck.yaml': 'extends: ./org.yaml\n' },
    args: {},
    env: {},
  },
];

for (const way of ways)
  test(`a locked policy ${way.name} is loosened by none of ${tries.length} tries`, async () => {
    for (const { name, yaml, args = {}, env = {}, setting } of tries) {
      const file: Readonly<Record<string, string>> =
        yaml === undefined ? {} : { 'app/hullcheck.yaml': `root: true\n${yaml}\n` };
      const folder = folderWith({
        '.git/HEAD': '',
        'org.yaml': org('all'),
        ...way.files,
        ...file,
        'app/known.json': '{"type": "hullcheck-baseline", "version": "1", "findings": []}',
      });
      await assert.rejects(
        settingsIn(join(folder, 'app'), { ...way.args, ...args }, { ...way.env, ...env }),
        (error) => {
          assert.ok(error instanceof UsageError, `${name}: ${error}`);
          const given =
            yaml === undefined ? '(--[a-z-]+|HULLCHECK_[A-Z_]+)' : 'hullcheck.yaml:\\d+:\\d+';
          const want = new RegExp(`${given}.*: ${setting} is locked.* by \\.\\./org\\.yaml:1:9`);
          assert.match(error.message, want, name);
          return true;
        },
        name,
      );
    }
  });

test('what tightens a locked policy is accepted, and so is what repeats it', async () => {
  const table: readonly Omit<Try, 'setting'>[] = [
    { name: 'nothing' },
    { name: 'the same', yaml: org('all').replace(/overrides:[\s\S]*?(?=gate:)/, '') },
    { name: 'a higher threshold', yaml: 'gate: {fail-on: [low, pie]}' },
    { name: 'one rule more', yaml: 'gate: {fail-on: [high, pie, relro]}' },
    { name: 'all platforms', yaml: 'gate: {platforms: all}' },
    { name: 'more coverage', yaml: 'gate: {coverage: {relro: 90, bind-now: 20}}' },
    { name: 'a lower maximum', yaml: 'gate: {maximum: {low: 1, note: 0}}' },
    { name: 'a higher level', yaml: 'rules: {pie: critical, relro: high}' },
    { name: 'the highest level', yaml: 'rules: {stack-protector: critical}' },
    { name: 'the highest override', yaml: 'overrides: [{path: /a, rules: {pie: critical}}]' },
    { name: 'a higher limit', yaml: 'limits: {max-file-size: 1G, max-nesting: 4, jobs: 1}' },
    { name: 'an option', args: { 'fail-on': ['medium', 'pie'], jobs: ['2'] } },
  ];
  for (const { name, yaml = '', args = {} } of table) {
    const folder = folderWith({ 'org.yaml': org('all'), 'app/hullcheck.yaml': `${yaml}\n` });
    await settingsIn(join(folder, 'app'), { extends: ['../org.yaml'], ...args }).catch((error) =>
      assert.fail(`${name}: ${error}`),
    );
  }
});

test('a lock is of what it names and of nothing else', async () => {
  const table: readonly (readonly [locked: string, yaml: string, refused: boolean])[] = [
    ['gate', 'gate: {fail-on: none}', true],
    ['gate', 'rules: {pie: off}', false],
    ['gate.fail-on', 'gate: {fail-on: none}', true],
    ['gate.fail-on', 'gate: {of: yours}', false],
    ['gate.coverage', 'gate: {coverage: {relro: 1}}', true],
    ['rules.pie', 'rules: {pie: low}', true],
    ['rules.pie', 'rules: {relro: off}', false],
    ['rules.pie', 'overrides: [{path: /x, rules: {pie: off}}]', true],
    ['rules.pie', 'overrides: [{path: /x, rules: {relro: off}}]', false],
    ['overrides', 'overrides: [{path: /x, rules: {relro: off}}]', true],
    ['overrides', 'rules: {relro: off}', false],
    ['[waivers, exclude]', waiver, true],
    ['[waivers, exclude]', 'exclude: /x', true],
    ['exclude', waiver, false],
    ['limits.max-nesting', 'limits: {max-nesting: 0}', true],
    ['limits.max-nesting', 'limits: {max-file-size: 1M}', false],
  ];
  for (const [locked, yaml, refused] of table) {
    const folder = folderWith({ 'org.yaml': org(locked), 'app/hullcheck.yaml': `${yaml}\n` });
    const settings = settingsIn(join(folder, 'app'), { extends: ['../org.yaml'] });
    if (refused) await assert.rejects(settings, /is locked/, `${locked}: ${yaml}`);
    else await settings.catch((error) => assert.fail(`${locked}: ${yaml}: ${error}`));
  }
});

test('a change that is tighter for one condition and looser for another one is refused', async () => {
  const table: readonly (readonly [locked: string, yaml: string])[] = [
    // Files of the distribution that pass reach a share that files of the author do not.
    ['locked: gate\ngate: {of: yours, coverage: {relro: 90}}', 'gate: {of: all}'],
    ['locked: gate\ngate: {coverage-of: own, coverage: {relro: 90}}', 'gate: {coverage-of: all}'],
    // A finding that weighs more leaves the maximum of the severity that it had.
    [
      'locked: all\nrules: {pie: high}\ngate: {fail-on: none, maximum: {high: 0}}',
      'rules: {pie: critical}',
    ],
    // The profile decides the threshold where no file does.
    ['locked: gate\nprofile: strict', 'profile: default'],
  ];
  for (const [locked, yaml] of table) {
    const folder = folderWith({ 'org.yaml': locked, 'app/hullcheck.yaml': yaml });
    const settings = settingsIn(join(folder, 'app'), { extends: ['../org.yaml'] });
    await assert.rejects(settings, /is locked/, yaml);
  }
});

test('all that loosens is named in one run, with both places each', async () => {
  const folder = folderWith({
    'org.yaml': 'gate:\n  fail-on: high\nlocked: [gate.fail-on, exclude]\n',
    'app/hullcheck.yaml': 'gate:\n  fail-on: none\nexclude: /x\n',
  });
  await assert.rejects(settingsIn(join(folder, 'app'), { extends: ['../org.yaml'] }), {
    name: 'UsageError',
    message:
      'hullcheck.yaml:2:3: gate.fail-on is locked at high by ../org.yaml:3:10; ' +
      'hullcheck.yaml:3:1: exclude is locked by ../org.yaml:3:24: nothing can be added',
  });
  const option = settingsIn(folder, { extends: ['./org.yaml'], 'fail-on': ['none'] });
  await assert.rejects(option, {
    message: '--fail-on none: gate.fail-on is locked at high by org.yaml:3:10',
  });
});

test('options given with the settings cannot loosen a lock either', async () => {
  const folder = folderWith({ 'org.yaml': org('all') });
  mkdirSync(join(folder, 'x'));
  const settings = await settingsIn(folder, { extends: ['./org.yaml'] });
  for (const options of [{ rule: ['pie'] }, { base: '3' }, { updateBaseline: true }])
    assert.throws(
      () => enforceLocksOnOptions(settings, options),
      /^UsageError: --[a-z-]+: .* is locked by org\.yaml:1:9/,
    );
  for (const setting of ['gate.of', 'dependencies', 'overrides', 'rules', 'rules.pie', 'waivers']) {
    const partly = folderWith({ 'org.yaml': org(setting) });
    const found = await settingsIn(partly, { extends: ['./org.yaml'] });
    assert.throws(
      () => enforceLocksOnOptions(found, { base: '3' }),
      /^UsageError: --base: /,
      setting,
    );
  }
  enforceLocksOnOptions(await settingsIn(folder), { rule: ['pie'], base: '3' });
});
