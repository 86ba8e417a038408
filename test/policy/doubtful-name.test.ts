import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { contradictionsIn } from '../../src/policy/contradictions.ts';
import type { Gate, TargetReport } from '../../src/report/report.ts';
import { layoutBuilder, named } from '../sources/image-builder.ts';
import { app } from '../sources/oci-samples.ts';
import { openAll, writeFolder } from '../sources/workbench.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';
import { render } from '../support/reports/render.ts';
import type { GivenTarget } from '../support/reports/report-builder.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const image = (name: string, more: GivenTarget) =>
  target({
    name,
    binaries: [binary({ path: '/app', verdicts: [verdict({ rule: 'pie', severity: 'medium' })] })],
    ...more,
  });

/** Who says so: an archive of its image, nobody, or the user. */
const says = {
  itself: { scheme: 'docker-archive', namedBy: 'content' },
  nobody: { scheme: 'docker-archive' },
  user: { scheme: 'oci-archive', namedBy: 'user' },
  registry: { scheme: 'registry' },
} as const satisfies Readonly<Record<string, GivenTarget>>;

const policyOf = async (yaml: string, own = '$schema: x') => {
  const folder = folderWith({ 'org.yaml': yaml, 'app/hullcheck.yaml': own });
  return (await settingsIn(join(folder, 'app'), { extends: ['../org.yaml'] })).policy;
};

interface Case {
  readonly name: string;
  readonly entry: string;
  readonly image?: string;
  readonly by?: keyof typeof says;
  readonly head?: string;
  readonly want: Gate['state'];
}

const locked = 'gate: {fail-on: critical}\nlocked: all\n';
const stricter = '{image: acme/**, gate: {fail-on: low}}';
const cases: readonly Case[] = [
  { name: 'its own other name', entry: stricter, want: 'undecided' },
  {
    name: 'no name at all',
    entry: stricter,
    image: 'out/app.tar',
    by: 'nobody',
    want: 'undecided',
  },
  { name: 'its own right name', entry: stricter, image: 'acme/x:1', want: 'broken' },
  { name: 'another name that the user gave', entry: stricter, by: 'user', want: 'holds' },
  { name: 'another name in a registry', entry: stricter, by: 'registry', want: 'holds' },
  {
    name: 'the right name that the user gave for a layout',
    entry: stricter,
    image: 'docker.io/acme/x:1',
    by: 'user',
    want: 'broken',
  },
  {
    name: 'a path that an entry selects',
    entry: `${stricter}, {image: app.tar, gate: {fail-on: critical}}`,
    image: 'out/app.tar',
    by: 'nobody',
    want: 'holds',
  },
  {
    name: 'an entry that is looser',
    entry: '{image: acme/**, gate: {fail-on: none}, rules: {pie: note}}',
    want: 'holds',
  },
  {
    name: 'an entry with a level where the policy has none',
    entry: '{image: acme/**, rules: {pie: critical}}',
    want: 'undecided',
  },
  {
    name: 'an entry with a condition more',
    entry: '{image: acme/**, gate: {coverage: {relro: 50}}}',
    want: 'undecided',
  },
  {
    name: 'an entry with a profile',
    entry: '{image: acme/**, profile: strict}',
    want: 'undecided',
  },
  {
    name: 'an entry for all platforms',
    entry: '{image: acme/**, gate: {platforms: all}}',
    want: 'undecided',
  },
  {
    name: 'an entry with a profile that expects less than the rules, which are in force',
    head: `profile: default\n${locked}`,
    entry: '{image: acme/**, profile: debian}',
    want: 'holds',
  },
  {
    name: 'a name that the policy accepts',
    head: `accept: [name]\n${locked}`,
    entry: stricter,
    want: 'holds',
  },
  {
    name: 'a lock of one condition, which the name would loosen',
    head: 'gate: {fail-on: medium}\nlocked: [gate.fail-on]\n',
    image: 'acme/x:1',
    entry: '{image: acme/**, gate: {fail-on: none}}',
    want: 'broken',
  },
  {
    name: 'a lock of one condition, of which an entry asks more',
    head: 'gate: {fail-on: critical}\nlocked: [gate.fail-on]\n',
    entry: stricter,
    want: 'undecided',
  },
  {
    name: 'a lock of what no entry has',
    head: 'gate: {fail-on: critical}\nlocked: [exclude]\n',
    entry: stricter,
    want: 'holds',
  },
  {
    name: 'a policy that locks nothing',
    head: 'gate: {fail-on: critical}\n',
    entry: stricter,
    want: 'holds',
  },
];

describe('a stricter entry of images: is avoided by no name that only the image says', () => {
  for (const { name, entry, image: called = 'evil/x:1', by = 'itself', head, want } of cases)
    it(`${name}: ${want}`, async () => {
      const policy = await policyOf(`${head ?? locked}images: [${entry}]\n`);
      const { gate } = applyPolicy([image(called, says[by])], policy);
      assert.equal(gate.state, want, gate.because);
    });

  const selecting: readonly (readonly [claim: string, own: string, Gate['state']])[] = [
    ['its path', 'images: [{image: app.tar, gate: {}}]', 'undecided'],
    ['every path', "images: [{image: '**', rules: {}}]", 'undecided'],
    ['its path and locks it', 'images: [{image: app.tar, gate: {}}]\nlocked: [gate]', 'undecided'],
    ['its path and asks as much', 'images: [{image: app.tar, gate: {fail-on: low}}]', 'broken'],
  ];
  for (const scheme of ['docker-archive', 'rootfs'])
    for (const [claim, own, want] of selecting)
      it(`a file above the lock selects ${claim} (${scheme}): ${want}`, async () => {
        const policy = await policyOf(`${locked}images: [${stricter}]\n`, own);
        const kind = scheme === 'rootfs' ? 'root-filesystem' : 'image';
        const { gate } = applyPolicy([image('out/app.tar', { scheme, kind })], policy);
        assert.equal(gate.state, want, gate.because);
      });

  it('a file that selects a path decides of its own entries, and of those that nothing locks', async () => {
    const above = `${locked}images: [{image: acme/**, gate: {fail-on: low}}, {image: app.tar, gate: {}}]\n`;
    const policy = await policyOf('profile: default\n', above);
    const { gate } = applyPolicy([image('out/app.tar', says.nobody)], policy);
    assert.equal(gate.state, 'holds', gate.because);
  });

  it('and the report says what to do, until another policy judges it', async () => {
    const policy = await policyOf(`${locked}images: [${stricter}]\n`);
    const found = report([image('evil/x:1', says.itself)], 'high', policy);
    const text = (await render('text', found)).replace(/\s+/g, ' ');
    assert.match(
      text,
      /stricter settings at \.\.\/org\.yaml:3 may be meant for it: give its name behind the file \(FILE:NAME\)/,
    );
    assert.match(text, /GATE UNDECIDED: 1 image may be meant by stricter settings/);
    const explained = await render('text', found, { explainGate: true });
    assert.match(explained.replace(/\s+/g, ' '), /- the name of evil\/x:1 behind its file/);
    assert.deepEqual(contradictionsIn(found), []);
    const again = applyPolicy(found.targets, { ...policy, images: [] });
    assert.deepEqual(again.targets[0]?.problems, []);
    assert.equal(again.gate.state, 'holds');
  });
});

const digest = `sha256:${'ab'.repeat(32)}`;
const tagged = (tag: string, more = 'gate: {fail-on: low}') => `{image: 'acme/x:${tag}', ${more}}`;
const digests: readonly (readonly [claim: string, name: string, entry: string, Gate['state']])[] = [
  ['some tags', `acme/x@${digest}`, tagged('1.*'), 'undecided'],
  ['one tag', `acme/x@${digest}`, tagged('latest'), 'undecided'],
  [
    'some tags of any image of a registry',
    `acme/x@${digest}`,
    "{image: '**:1.*', gate: {fail-on: low}}",
    'undecided',
  ],
  [
    'some tags, among other names',
    `acme/x@${digest}`,
    "{image: '{b:2,acme/x:1.*}', gate: {fail-on: low}}",
    'undecided',
  ],
  ['every tag', `acme/x@${digest}`, tagged('*'), 'broken'],
  ['some tags, and asks less', `acme/x@${digest}`, tagged('1.*', 'gate: {fail-on: none}'), 'holds'],
  ['some tags of another image', `acme/y@${digest}`, tagged('1.*'), 'holds'],
  [
    'some tags with another digest',
    `acme/x@${digest}`,
    tagged(`1.*@sha256:${'00'.repeat(32)}`),
    'holds',
  ],
  [
    'some tags, next to one of every tag that asks as much',
    `acme/x@${digest}`,
    `${tagged('*')}, ${tagged('1.*')}`,
    'broken',
  ],
  ['its tag', `acme/x:1.2@${digest}`, tagged('1.*'), 'broken'],
  ['another tag', `acme/x:2@${digest}`, tagged('1.*'), 'holds'],
  [
    'its tag, as one of several names',
    'acme/x:1.2',
    "{image: '{b:2,acme/x:1.*}', gate: {fail-on: low}}",
    'broken',
  ],
];

describe('what is named by its digest alone may have any tag', () => {
  for (const head of ['gate: {fail-on: critical}\n', locked])
    for (const [claim, name, entry, want] of digests)
      it(`an entry for ${claim}${head === locked ? ', locked' : ''}: ${want}`, async () => {
        const policy = await policyOf(`${head}images: [${entry}]\n`);
        const { gate } = applyPolicy([image(name, says.registry)], policy);
        assert.equal(gate.state, want, gate.because);
      });

  it('and the report says what to do', async () => {
    const policy = await policyOf(`gate: {fail-on: critical}\nimages: [${tagged('1.*')}]\n`);
    const found = report([image(`acme/x@${digest}`, says.registry)], 'high', policy);
    const text = (await render('text', found, { explainGate: true })).replace(/\s+/g, ' ');
    assert.match(
      text,
      /stricter settings at \S+ are for some of its tags: give the tag too \(acme\/x:TAG@/,
    );
    assert.match(text, /- the tag of the image before its digest \(acme\/x:TAG@/);
    assert.deepEqual(contradictionsIn(found), []);
  });

  const levels: readonly (readonly [level: string, Gate['state']])[] = [
    ['critical', 'broken'],
    ['note', 'broken'],
  ];
  for (const [level, want] of levels)
    it(`an override to ${level} for some tags only raises: ${want}`, async () => {
      const policy = await policyOf(
        `gate: {fail-on: ${level === 'note' ? 'medium' : 'critical'}}\noverrides: [{image: 'acme/x:1.*', rules: {pie: ${level}}}]\n`,
      );
      const { gate } = applyPolicy([image(`acme/x@${digest}`, says.registry)], policy);
      assert.equal(gate.state, want, gate.because);
    });
});

const ofDaemons: readonly (readonly [scheme: string, name: string, Gate['state']])[] = [
  ['docker', '3f5a0c9e1b2d', 'undecided'],
  ['docker', digest, 'undecided'],
  ['podman', '3f5a0c9e1b2d', 'undecided'],
  ['podman', 'x:1', 'undecided'],
  ['podman', 'acme/x', 'broken'],
  ['podman', 'quay.io/evil/x:1', 'holds'],
  ['podman', 'localhost/x', 'holds'],
  ['docker', 'x', 'holds'],
  ['docker', 'cafe:1', 'holds'],
  ['registry', 'cafe', 'holds'],
];

describe('a stricter entry is avoided by nothing that only a daemon resolves', () => {
  for (const [scheme, name, want] of ofDaemons)
    it(`${scheme}:${name}: ${want}`, async () => {
      const policy = await policyOf(`${locked}images: [${stricter}]\n`);
      const { gate } = applyPolicy([image(name, { scheme })], policy);
      assert.equal(gate.state, want, gate.because);
    });
});

test('a name that Podman completes is not that of an entry for one of its completions alone', async () => {
  const entries =
    '{image: docker.io/acme/x, gate: {fail-on: high}}, {image: localhost/acme/x, gate: {fail-on: low}}';
  const policy = await policyOf(`${locked}images: [${entries}]\n`);
  const state = (name: string) =>
    applyPolicy([image(name, { scheme: 'podman' })], policy).gate.state;
  assert.equal(state('acme/x'), 'undecided');
  assert.equal(state('docker.io/acme/x'), 'holds');
  assert.equal(state('localhost/acme/x'), 'broken');
});

const rootAt = (name: string, more: GivenTarget = {}) =>
  image(name, { scheme: 'rootfs', kind: 'root-filesystem', digest: null, ...more });
const byContent = { kind: 'package', namedBy: 'content' } as const;
const byPath = '{image: app.tar, gate: {fail-on: critical}}';
const notImages: readonly (readonly [
  claim: string,
  given: GivenTarget,
  yaml: string,
  want: Gate['state'],
])[] = [
  ['a root', {}, `${locked}images: [${stricter}]`, 'undecided'],
  ['a folder', { scheme: 'dir' }, `${locked}images: [${stricter}]`, 'undecided'],
  ['a cpio', { scheme: 'cpio' }, `${locked}images: [${stricter}]`, 'undecided'],
  ['a disk', { scheme: 'disk' }, `${locked}images: [${stricter}]`, 'undecided'],
  [
    'a package in a tar',
    { scheme: 'apk', ...byContent },
    `${locked}images: [${stricter}]`,
    'undecided',
  ],
  ['a deb', { scheme: 'deb', ...byContent }, `${locked}images: [${stricter}]`, 'undecided'],
  ['an rpm', { scheme: 'rpm', ...byContent }, `${locked}images: [${stricter}]`, 'undecided'],
  ['a wheel', { scheme: 'zip', ...byContent }, `${locked}images: [${stricter}]`, 'undecided'],
  ['a program', { scheme: 'file', kind: 'file' }, `${locked}images: [${stricter}]`, 'undecided'],
  [
    'a deb that is named',
    { scheme: 'deb', schemeBy: 'user', ...byContent },
    `${locked}images: [${stricter}]`,
    'holds',
  ],
  [
    'a program that is named',
    { scheme: 'file', kind: 'file', schemeBy: 'user' },
    `${locked}images: [${stricter}]`,
    'holds',
  ],
  [
    'a program whose path is selected',
    { scheme: 'file', kind: 'file' },
    `${locked}images: [${stricter}, ${byPath}]`,
    'holds',
  ],
  [
    'a program, without locks',
    { scheme: 'file', kind: 'file' },
    `gate: {fail-on: critical}\nimages: [${stricter}]`,
    'holds',
  ],
  ['a root that is named', { schemeBy: 'user' }, `${locked}images: [${stricter}]`, 'holds'],
  ['a root whose path is selected', {}, `${locked}images: [${stricter}, ${byPath}]`, 'holds'],
  [
    'a package of the name of an entry that is not stricter',
    { scheme: 'apk', ...byContent },
    `${locked}images: [${stricter}, ${byPath}]`,
    'undecided',
  ],
  ['a root, without entries', {}, locked, 'holds'],
  ['a root, without locks', {}, `gate: {fail-on: critical}\nimages: [${stricter}]`, 'holds'],
  [
    'a root, where no entry is stricter',
    {},
    `${locked}images: [{image: x, gate: {fail-on: none}}]`,
    'holds',
  ],
  [
    'a root, where names are accepted',
    {},
    `accept: [name]\n${locked}images: [${stricter}]`,
    'holds',
  ],
];

describe('a stricter entry of images: is avoided by nothing that only its content says is not an image', () => {
  for (const [claim, given, yaml, want] of notImages)
    it(`${claim}: ${want}`, async () => {
      const { gate } = applyPolicy([rootAt('out/app.tar', given)], await policyOf(`${yaml}\n`));
      assert.equal(gate.state, want, gate.because);
    });

  it('and the report says what to do', async () => {
    const policy = await policyOf(`${locked}images: [${stricter}]\n`);
    const found = report([rootAt('out/app.tar')], 'high', policy);
    const text = (await render('text', found, { explainGate: true })).replace(/\s+/g, ' ');
    assert.match(text, /give its scheme in front if no image is meant \(rootfs:PATH\)/);
    assert.match(text, /1 input may be meant by stricter settings, and only the content says/);
    assert.match(text, /- the scheme in front of the path of out\/app\.tar \(rootfs:PATH\)/);
    const plain = await render('text', found);
    assert.match(plain, /^GATE UNDECIDED: only the content says that 1 input is not an image/);
    assert.deepEqual(contradictionsIn(found), []);
  });

  it('a package that says its name is not selected by its path, and the report does not say so', async () => {
    const policy = await policyOf(`${locked}images: [${stricter}]\n`);
    const given = rootAt('acme-app 1.0 (amd64)', { scheme: 'deb', ...byContent });
    const text = (await render('text', report([given], 'high', policy))).replace(/\s+/g, ' ');
    assert.match(text, /\(deb:PATH; a quoted glob for many, deb:'DIR\/\*'\)/);
    assert.doesNotMatch(text, /select its path/);
  });
});

const unsaid = ({ namedBy, ...older }: TargetReport): TargetReport => older;

describe('a name of which a report of an older version does not say who gave it', () => {
  it('is not that of the user: it avoids no stricter entry, and selects none that is looser', async () => {
    const older = (name: string, scheme: string) => unsaid(image(name, { scheme }));
    const strict = await policyOf(`${locked}images: [${stricter}]\n`);
    const loose = await policyOf(
      'gate: {fail-on: low}\nlocked: all\nimages: [{image: acme/**, gate: {fail-on: none}}]\n',
    );
    for (const scheme of ['docker-archive', 'registry']) {
      const evil = applyPolicy([older('evil/x:1', scheme)], strict);
      assert.equal(evil.gate.state, 'undecided', evil.gate.because);
      const good = applyPolicy([older('acme/x:1', scheme)], loose);
      assert.equal(good.gate.state, 'broken', good.gate.because);
    }
  });

  it('is a contradiction in a report of this version', () => {
    const { targets, ...others } = report([image('evil/x:1', says.registry)]);
    const [first, ...rest] = contradictionsIn({ ...others, targets: targets.map(unsaid) });
    assert.equal(first, 'nothing says who gave evil/x:1 its name');
    assert.deepEqual(rest, []);
  });
});

test('an image of a layout that is selected by its whole name is called so by the user', async (t) => {
  const builder = layoutBuilder();
  const name = 'docker.io/acme/x:1';
  const path = writeFolder(t, builder.index(builder.image({ layers: [app] }, named(name))));
  const namedBy = async (reference: string) =>
    (await openAll(reference)).targets.map((each) => [each.name, each.namedBy]);
  assert.deepEqual(await namedBy(path), [[name, 'content']]);
  assert.deepEqual(await namedBy(`${path}:${name}`), [[name, 'user']]);
});

test('the first line says that a name is missing, and not that something could not be read', async () => {
  const policy = await policyOf(`${locked}images: [${stricter}]\n`);
  const text = await render('text', report([image('other:1', says.itself)], 'high', policy));
  assert.match(text, /^GATE UNDECIDED: only its maker says the name of the image/);
  const damaged = { problems: [{ kind: 'damaged', where: 'layer', message: 'it ends' }] } as const;
  const both = await render(
    'text',
    report([image('other:1', { ...says.itself, ...damaged })], 'high', policy),
  );
  assert.match(
    both.replaceAll(/\s+/g, ' '),
    /UNDECIDED: not all could be read, and only its maker/,
  );
});
