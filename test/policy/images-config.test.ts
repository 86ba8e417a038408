import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readSettings } from '../../src/commands/settings/settings.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { refuseUnasked } from '../../src/policy/config/unasked.ts';
import { possiblePolicies } from '../../src/policy/image-policies.ts';
import { factsNeededBy } from '../../src/policy/needed-facts.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';
import { render } from '../support/reports/render.ts';
import type { GivenTarget } from '../support/reports/report-builder.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

type Options = Readonly<Record<string, unknown>>;

async function settingsOf(yaml: string, options: Options = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'hullcheck-images-'));
  writeFileSync(join(cwd, 'hullcheck.yaml'), yaml);
  const surroundings = { cwd, env: {}, today: '2026-01-01' } as Parameters<typeof readSettings>[1];
  return readSettings(options, surroundings);
}

/** An image that the user named so, with one finding of medium weight and one of none that counts. */
const image = (name: string, more: GivenTarget = {}) =>
  target({
    name,
    scheme: 'registry',
    binaries: [
      binary({
        path: '/app',
        verdicts: [
          verdict({ rule: 'pie', severity: 'medium' }),
          verdict({ rule: 'relro', outcome: 'pass' }),
        ],
      }),
    ],
    ...more,
  });

interface Case {
  readonly name: string;
  readonly yaml: string;
  readonly image?: string;
  readonly options?: Options;
  readonly want: 'holds' | 'broken';
}

const third = 'ghcr.io/third/db:2';
const cases: readonly Case[] = [
  {
    name: 'an image by its repository has a gate of its own',
    yaml: 'images: [{image: ghcr.io/third/*, gate: {fail-on: medium}}]',
    want: 'broken',
  },
  {
    name: 'an image of another name has the gate of all',
    yaml: 'images: [{image: ghcr.io/other/*, gate: {fail-on: medium}}]',
    want: 'holds',
  },
  {
    name: 'a glob with a tag is of that tag',
    yaml: 'images: [{image: "ghcr.io/third/db:2", gate: {fail-on: medium}}]',
    want: 'broken',
  },
  {
    name: 'and of no other',
    yaml: 'images: [{image: "ghcr.io/third/db:3", gate: {fail-on: medium}}]',
    want: 'holds',
  },
  {
    name: 'rules have other levels there',
    yaml: 'images: [{image: ghcr.io/third/*, rules: {pie: high}}]',
    want: 'broken',
  },
  {
    name: 'a profile there brings its gate',
    yaml: 'images: [{image: ghcr.io/third/*, profile: strict}]',
    want: 'broken',
  },
  {
    name: 'the last entry that sets something wins',
    yaml: 'images: [{image: "**", gate: {fail-on: medium}}, {image: ghcr.io/third/*, gate: {fail-on: high}}]',
    want: 'holds',
  },
  {
    name: 'for that setting alone',
    yaml: 'images: [{image: "**", gate: {fail-on: medium}}, {image: ghcr.io/third/*, gate: {fail-on-unknown: true}}]',
    want: 'broken',
  },
  {
    name: 'an entry stands above what its file sets for all',
    yaml: 'gate: {fail-on: low}\nimages: [{image: "**", gate: {fail-on: high}}]',
    want: 'holds',
  },
  {
    name: 'and below an option',
    yaml: 'images: [{image: "**", gate: {fail-on: high}}]',
    options: { 'fail-on': ['medium'] },
    want: 'broken',
  },
  {
    name: 'coverage adds up by rule',
    yaml: 'gate: {coverage: {relro: 100}}\nimages: [{image: "**", gate: {coverage: {pie: 100}}}]',
    want: 'broken',
  },
];

describe('images: in the configuration', () => {
  for (const { name, yaml, image: called = third, options, want } of cases)
    it(name, async () => {
      const { policy } = await settingsOf(yaml, options);
      const { gate } = applyPolicy([image(called)], policy);
      assert.equal(gate.state, want, gate.because);
    });

  it('a list has each image judged by its own', async () => {
    const { policy } = await settingsOf(
      'images:\n  - image: ghcr.io/third/*\n    profile: strict\n    gate: {fail-on: critical}\n',
    );
    const found = applyPolicy([image('ghcr.io/own/app:1'), image(third)], {
      ...policy,
      gate: { ...policy.gate, failOn: 'medium' },
    });
    assert.deepEqual(
      found.targets.map(({ gate, policy: own }) => [gate?.state, gate?.failOn, own]),
      [
        ['broken', 'medium', undefined],
        ['holds', 'critical', { profile: 'strict', from: ['hullcheck.yaml:2'] }],
      ],
    );
    assert.equal(found.gate.state, 'broken');
  });

  it('and the report names the entries in force', async () => {
    const { policy } = await settingsOf('images: [{image: ghcr.io/third/*, profile: strict}]');
    const found = report([image('own:1'), image(third)], 'high', policy);
    assert.match(
      await render('text', found),
      /\n1 binary \(1 yours\)\njudged by profile strict \(hullcheck\.yaml:1\)\n|ghcr\.io\/third\/db:2 .*\njudged by profile strict \(hullcheck\.yaml:1\)\n/,
    );
    assert.match(
      await render('markdown', found),
      /`ghcr\.io\/third\/db:2` \|.*; judged by profile strict/,
    );
    assert.equal((await render('text', found)).match(/judged by profile/g)?.length, 1);
  });

  it('files of one policy are judged together, and those of another by themselves', async () => {
    const { policy } = await settingsOf(
      'gate: {fail-on: none, coverage: {relro: 50}}\nimages: [{image: c.so, rules: {pie: low}}]',
    );
    const file = { kind: 'file', scheme: 'file' } as const;
    const given = ['a.so', 'b.so', 'c.so'].map((name) => image(name, file));
    const { targets } = applyPolicy(given, policy);
    assert.deepEqual(targets[0]?.gate, targets[1]?.gate);
    assert.match(targets[0]?.gate?.because ?? '', /in your 2 binaries/);
    assert.match(targets[2]?.gate?.because ?? '', /in your one binary/);
  });

  it('a name that the image itself has is said to be one', async () => {
    const { policy } = await settingsOf('images: [{image: third/*, gate: {fail-on: critical}}]');
    const named = image('third/db:2', { scheme: 'docker-archive', namedBy: 'content' });
    const { notices } = applyPolicy([named], policy).policy;
    assert.deepEqual(notices, [
      'third/db:2 is what the content calls itself, and the settings at hullcheck.yaml:1 are in force by that name',
    ]);
    assert.deepEqual(applyPolicy([image('third/db:2')], policy).policy.notices, []);
  });

  for (const [entries, want] of [
    ['{image: third/*, gate: {fail-on: none}}', 'broken'],
    ['{image: third/*, gate: {fail-on: critical}}', 'broken'],
    ['{image: third/*, gate: {fail-on: high, maximum: {medium: 9}}}', 'undecided'],
    ['{image: "**", gate: {fail-on: medium}}', 'broken'],
  ] as const)
    it(`a name that is not accepted does not select ${entries} over a tighter entry`, async () => {
      const { policy } = await settingsOf(
        `accept: []\ngate: {fail-on: critical}\nimages: [{image: "**", gate: {fail-on: medium}}, ${entries}]`,
      );
      const named = image('third/db:2', { scheme: 'docker-archive', namedBy: 'content' });
      assert.equal(applyPolicy([named], policy).gate.state, want);
    });

  it('the profile of another distribution warns for the image that it is for', async () => {
    const { policy } = await settingsOf('images: [{image: "**/alpine", profile: debian}]');
    const os = { id: 'alpine', versionId: '3.20', prettyName: 'Alpine Linux v3.20' };
    const given = [image('alpine:3.20', { os }), image('own:1', { os })];
    assert.deepEqual(applyPolicy(given, policy).policy.warnings, [
      'the profile debian is for debian, and alpine:3.20 is Alpine Linux v3.20: nothing is expected of its packages',
    ]);
  });

  it('what a profile of some images selects by is read of all', async () => {
    const { policy } = await settingsOf(
      'profile: default\nimages: [{image: alpine, profile: auto}]',
    );
    const asked = (given: typeof policy) =>
      factsNeededBy(possiblePolicies(given), [{ id: 'fortify-source' }]);
    assert.ok(asked(policy).includes('fortify'));
    assert.deepEqual(asked({ ...policy, images: [] }), []);
  });

  it('a condition of all that an entry switches off is refused, with both places', async () => {
    const { policy, layers } = await settingsOf(
      'gate: {coverage: {relro: 90}}\nimages:\n  - image: alpine\n    rules: {relro: off}\n',
    );
    assert.throws(() => refuseUnasked(policy, layers), {
      message:
        /^hullcheck\.yaml\S* sets coverage of relro at least 90 %, but hullcheck\.yaml:3 switches relro off/,
    });
    const allowed = await settingsOf(
      'gate: {coverage: {relro: 90}}\nimages:\n  - {image: alpine, rules: {relro: off}, gate: {coverage: {relro: 0}}}\n',
    );
    refuseUnasked(allowed.policy, allowed.layers);
  });

  it('hullcheck config lists them with the file that has them', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'hullcheck-images-'));
    writeFileSync(join(cwd, 'hullcheck.yaml'), 'images: [{image: [alpine], profile: alpine}]');
    const { stdout, status } = hullcheckIn(cwd)(['config']);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^images: \[\{"image":\["alpine"\],"profile":"alpine"\}\] +# hullcheck\.yaml$/m,
    );
  });

  for (const [yaml, message] of [
    ['images: [{profile: alpine}]', /image/],
    ['images: [{image: alpine, waivers: []}]', /waivers/],
    ['images: [{image: alpine, profile: alpin}]', /did you mean alpine\?/],
    ['images: {alpine: {}}', /list of images/],
  ] as const)
    it(`refuses ${yaml}`, () => assert.rejects(settingsOf(yaml), { message }));
});

/** By file: the organisation's, and the repository's above it. */
const lockedCases: readonly {
  readonly name: string;
  readonly org: string;
  readonly repository: string;
  readonly want: RegExp | null;
}[] = [
  {
    name: 'an entry of the repository cannot loosen the gate',
    org: 'locked: gate\ngate: {fail-on: high}\n',
    repository: 'images: [{image: "**", gate: {fail-on: none}}]\n',
    want: /gate\.fail-on is locked at high by org\.yaml:1/,
  },
  {
    name: 'nor a level',
    org: 'locked: all\nrules: {pie: high}\n',
    repository: 'images: [{image: a, rules: {pie: low}}]\n',
    want: /rules\.pie is locked at high by org\.yaml:1/,
  },
  {
    name: 'nor set another profile',
    org: 'locked: all\n',
    repository: 'images: [{image: b, profile: strict}]\n',
    want: /profile is locked at auto by org\.yaml:1/,
  },
  {
    name: 'but may tighten it',
    org: 'locked: gate\ngate: {fail-on: high}\n',
    repository: 'images: [{image: "**", gate: {fail-on: low}}]\n',
    want: null,
  },
  {
    name: 'an entry in the locking file belongs to it',
    org: 'locked: gate\ngate: {fail-on: high}\nimages: [{image: third/*, gate: {fail-on: critical}}]\n',
    repository: 'gate: {fail-on: medium}\n',
    want: null,
  },
  {
    name: 'what is tighter for some images cannot be loosened by an entry that would tighten the setting of all',
    org: 'locked: gate\ngate: {fail-on: high}\nimages: [{image: prod/*, gate: {fail-on: low}}]\n',
    repository: 'images: [{image: "**", gate: {fail-on: medium}}]\n',
    want: /gate\.fail-on is locked at low for prod\/\* \(org\.yaml:3\) by org\.yaml:1/,
  },
  {
    name: 'a setting of all images is not said to be of an entry, and one of an entry names the one that sets it',
    org: 'locked: [gate]\ngate: {fail-on: high}\nimages:\n  - {image: prod/*, rules: {pie: low}}\n  - {image: prod/pay, gate: {coverage: {pie: 80}}}\n',
    repository: 'images: [{image: "**", gate: {fail-on: none, coverage: {pie: 10}}}]\n',
    want: /gate\.coverage\.pie is locked at 80 for prod\/pay \(org\.yaml:5\) by org\.yaml:1:10; .*gate\.fail-on is locked at high by org\.yaml:1:10/,
  },
];

describe('images: and settings that are locked', () => {
  for (const { name, org, repository, want } of lockedCases)
    it(name, async () => {
      const cwd = folderWith({
        'org.yaml': org,
        'hullcheck.yaml': `extends: org.yaml\n${repository}`,
      });
      if (want === null) await settingsIn(cwd);
      else await assert.rejects(settingsIn(cwd), { message: want });
    });
});

const tightEntry =
  'locked: [gate, profile, rules]\nrules: {pie: low}\ngate: {fail-on: high}\nimages:\n' +
  '  - {image: "**/pay", gate: {fail-on: low}}\n' +
  '  - {image: "**/strict", profile: strict, rules: {pie: critical}}\n';

/** A finding of low severity in `pay`, and what a repository writes for all of its images. */
const keptCases: readonly {
  readonly name: string;
  readonly repository: string;
  readonly image: string;
  readonly want: 'holds' | 'broken';
}[] = [
  ['the general value itself', 'gate: {fail-on: high}', 'pay', 'broken'],
  ['the general value itself, for another image', 'gate: {fail-on: high}', 'shop', 'holds'],
  ['what is tighter than the general value', 'gate: {fail-on: medium}', 'pay', 'broken'],
  ['the general level of a rule', 'rules: {pie: low}', 'strict', 'broken'],
  ['the general profile', 'profile: auto', 'strict', 'broken'],
  ['nothing', '', 'pay', 'broken'],
].map(([name = '', repository = '', of = '', want]) => ({
  name: `a repository writes ${name}: ${of} ${want}`,
  repository,
  image: `ghcr.io/acme/${of}:1`,
  want: want === 'holds' ? 'holds' : 'broken',
}));

describe('an entry of images: in a locked policy stays in force for its images', () => {
  for (const { name, repository, image: named, want } of keptCases)
    it(name, async () => {
      const cwd = folderWith({
        'org.yaml': tightEntry,
        'hullcheck.yaml': `extends: org.yaml\n${repository}\n`,
      });
      const { policy } = await settingsIn(cwd);
      assert.equal(applyPolicy([image(named)], policy).gate.state, want);
    });
});

const formats = ['text', 'json', 'jsonl', 'markdown', 'html', 'sarif', 'junit', 'github', 'gitlab'];

describe('entries of images: that are for no image of the run', () => {
  const entry = 'images: [{image: ghcr.io/acme/pay, gate: {fail-on: low}}]';
  const noticesOf = async (yaml: string, ...given: ReturnType<typeof image>[]) => {
    const { policy } = await settingsOf(yaml);
    return applyPolicy(given, policy).policy.notices.join('\n');
  };

  it('are named with their place', async () =>
    assert.match(
      await noticesOf(entry, image('ghcr.io/acme/other:1')),
      /images: selects no image here for ghcr\.io\/acme\/pay \(hullcheck\.yaml:1\)/,
    ));

  it('an image that only has a path is named', async () =>
    assert.match(
      await noticesOf(entry, image('/imgs/pay:2.0', { scheme: 'oci-dir' })),
      /images: has no entry for \/imgs\/pay:2\.0, which has no name that the user gave/,
    ));

  it('nothing is said where each entry has its image', async () =>
    assert.equal(await noticesOf(entry, image('ghcr.io/acme/pay:1')), ''));

  it('nor where the policy has no entry', async () =>
    assert.equal(await noticesOf('', image('/imgs/pay:2.0', { scheme: 'oci-dir' })), ''));

  for (const format of formats)
    it(`are in ${format}`, async () => {
      const { policy } = await settingsOf(entry);
      const shown = await render(format, report([image('ghcr.io/acme/other:1')], 'none', policy));
      assert.match(shown.replace(/\s+/g, ' '), /selects no image here for ghcr/);
    });
});
