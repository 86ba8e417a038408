import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';

const older = `profile: auto
gate: {fail-on: high, coverage: {relro: 50}, maximum: {low: 9}}
rules: {pie: high}
overrides: [{path: /opt/**, rules: {pie: low}}]
exclude: [/usr/lib/debug/**]
images: [{image: vendor/agent, gate: {fail-on: critical}}]
locked: all
`;

interface Case {
  readonly name: string;
  /** Of the job. */
  readonly newer: string;
  /** What the repository extends; absent: `older`. */
  readonly extended?: string;
  readonly own?: string;
  /** Settings in force. */
  readonly has: Readonly<Record<string, unknown>>;
  readonly dropped: readonly RegExp[];
}

const ofVendor = `gate: {of: yours}
images: [{image: vendor/agent, gate: {of: all}}]
locked: gate
`;

const cases: readonly Case[] = [
  {
    name: 'more owners for an image, which a share of the repository makes looser',
    newer: ofVendor.replace('yours', 'yours, fail-on: high'),
    extended: ofVendor,
    own: 'gate: {coverage: {pie: 50}}\n',
    has: { of: 'yours', coverage: { pie: 50 }, 'fail-on': ['high'] },
    dropped: [],
  },
  {
    name: 'the same where only the older version has the entry',
    newer: 'gate: {of: yours}\nlocked: gate\n',
    extended: ofVendor,
    own: 'gate: {coverage: {pie: 50}}\n',
    has: { of: 'yours', coverage: { pie: 50 } },
    dropped: [
      /^gate\.of all of old\.yaml:2 has no effect: \.\.\/new\.yaml:2:9 locks gate\.of at yours/,
    ],
  },
  {
    name: 'the same version has no effect twice, and nothing is said',
    newer: older,
    has: { 'fail-on': ['high'] },
    dropped: [],
  },
  {
    name: 'a threshold that is lower, a coverage that is higher and a maximum that is lower',
    newer: older
      .replace('fail-on: high, coverage: {relro: 50}', 'fail-on: medium, coverage: {relro: 80}')
      .replace('low: 9', 'low: 3')
      .replace(/images.*\n/, ''),
    has: { 'fail-on': ['medium'], coverage: { relro: 80 }, maximum: { low: 3 } },
    dropped: [
      /^gate\.coverage\.relro 50 of old\.yaml:2:34 has no effect: \.\.\/new\.yaml:6:9 locks gate\.coverage\.relro at 80, and a policy that a file extends gives way to it$/,
      /^gate\.fail-on high of old\.yaml:2:8 has no effect: .* locks gate\.fail-on at medium/,
      /^gate\.maximum\.low 9 of old\.yaml/,
      /^gate\.fail-on critical of old\.yaml:6 has no effect/,
    ],
  },
  {
    name: 'an entry for an image, of which the rest stays',
    newer: older.replace('gate: {fail-on: critical}}', 'gate: {fail-on: high}}'),
    has: { 'fail-on': ['high'] },
    dropped: [/^gate\.fail-on critical of old\.yaml:6 has no effect: .* at high/],
  },
  {
    name: 'lists, a level and another profile',
    newer: 'profile: strict\nrules: {pie: critical}\nlocked: all\n',
    has: { 'fail-on': ['low'] },
    dropped: [
      /^exclude of old\.yaml:5:1 has no effect: \.\.\/new\.yaml:3:9 locks exclude, and/,
      /^gate\.fail-on high /,
      /^overrides\.pie low /,
      /^profile auto of old\.yaml:1:1 has no effect/,
      /^rules\.pie high /,
      /^gate\.fail-on critical /,
    ],
  },
];

const repository = (newer: string, own = '', extended = older) => {
  const folder = folderWith({
    '.git/HEAD': '',
    '../new.yaml': newer,
    'old.yaml': extended,
    'hullcheck.yaml': `extends: old.yaml\n${own}`,
  });
  return settingsIn(folder, {}, { HULLCHECK_EXTENDS: '../new.yaml' });
};

describe('a newer policy of the job, and an older one that the repository extends', () => {
  it('separate debug files that the older one accepts', async () => {
    const newer = 'rules: {pie: high}\nlocked: [rules]\n';
    const old = 'accept: [debug-files, os-release]\nlocked: [rules]\n';
    const { config, policy } = await repository(newer, '', old);
    assert.deepEqual(config.accept, ['os-release']);
    assert.equal(policy.refusesDebugFiles, true);
    assert.match(JSON.stringify(policy.remarks), /accept\.debug-files/);
  });
  for (const { name, newer, extended, own, has, dropped } of cases)
    it(`${name}`, async () => {
      const { config, policy } = await repository(newer, own, extended);
      for (const [setting, value] of Object.entries(has))
        assert.deepEqual(Reflect.get(config.gate ?? {}, setting), value, setting);
      const said = (policy.remarks ?? []).map(({ message }) => message).toSorted();
      assert.equal(said.length, dropped.length, said.join('\n'));
      for (const each of dropped)
        assert.ok(
          said.some((text) => each.test(text)),
          `${each}: ${said.join('\n')}`,
        );
    });

  it('what is tighter in the older one stays', async () => {
    const { config } = await repository(
      'gate: {of: yours, fail-on: high}\nlocked: all\n',
      '',
      'gate: {of: all, fail-on: critical}\nlocked: gate\n',
    );
    assert.deepEqual([config.gate?.of, config.gate?.['fail-on']], ['all', ['high']]);
  });

  it('settings of the repository itself are an error, and those of a file without locks', async () => {
    const newer = 'gate: {fail-on: medium}\nlocked: all\n';
    await assert.rejects(repository(newer, 'gate: {fail-on: high}\n'), {
      message: /^hullcheck\.yaml:2:8: gate\.fail-on is locked at medium by \.\.\/new\.yaml:2:9/,
    });
    await assert.rejects(repository(newer, '', 'gate: {fail-on: high}\n'), {
      message: 'old.yaml:1:8: gate.fail-on is locked at medium by ../new.yaml:2:9',
    });
  });

  it('a file without locks gives way too where a policy with locks extends it', async () => {
    const folder = folderWith({
      'new.yaml': 'gate: {fail-on: medium}\nlocked: all\n',
      'app/.git/HEAD': '',
      'app/base.yaml': 'gate: {fail-on: high}\n',
      'app/old.yaml': 'extends: base.yaml\ngate: {of: all}\nlocked: gate.of\n',
      'app/hullcheck.yaml': 'extends: old.yaml\n',
      'own/.git/HEAD': '',
      'own/base.yaml': 'gate: {fail-on: high}\n',
      'own/hullcheck.yaml': 'extends: base.yaml\nlocked: exclude\n',
    });
    const environment = { HULLCHECK_EXTENDS: '../new.yaml' };
    const { config, policy } = await settingsIn(join(folder, 'app'), {}, environment);
    assert.deepEqual([config.gate?.of, config.gate?.['fail-on']], ['all', ['medium']]);
    assert.match(
      (policy.remarks ?? []).map(({ message }) => message).join(),
      /^gate\.fail-on high of base\.yaml:1:8 has no effect: /,
    );
    await assert.rejects(
      settingsIn(join(folder, 'own'), {}, environment),
      /base\.yaml:1:8: gate\.fail-on is locked at medium/,
    );
  });

  it('and what the repository locks itself gives way to nothing', async () => {
    const newer = 'gate: {fail-on: medium}\nlocked: all\n';
    const own = 'gate: {fail-on: high}\nlocked: all\n';
    await assert.rejects(repository(newer, own, 'gate: {of: all}\n'), /hullcheck\.yaml:2:8: /);
  });

  it('a policy named by --config, extending an older one, gives way to the job too', async () => {
    const folder = folderWith({
      'new.yaml': 'gate: {fail-on: medium}\nlocked: all\n',
      'old.yaml': older,
      'app/ci.yaml': 'extends: ../old.yaml\n',
    });
    const args = { extends: ['../new.yaml'], config: ['ci.yaml'] };
    const { config } = await settingsIn(join(folder, 'app'), args);
    assert.deepEqual(config.gate?.['fail-on'], ['medium']);
  });
});
