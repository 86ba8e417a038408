import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareReleases } from '../../src/diff/compare-releases.ts';
import type { DiffGate } from '../../src/diff/formats/diff-format.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';
import type { GivenTarget } from '../support/reports/report-builder.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const saved = (more: GivenTarget = {}) =>
  report([
    target({
      binaries: [binary({ path: '/app', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] })],
      ...more,
    }),
  ]);
const others = { otherPlatforms: ['linux/arm64'] };
const itself = { name: 'evil/x:1', scheme: 'docker-archive', namedBy: 'content' } as const;

const table: readonly (readonly [
  claim: string,
  yaml: string,
  old: GivenTarget,
  fresh: GivenTarget,
  want: DiffGate['state'],
  because: RegExp,
])[] = [
  [
    'a platform that was not judged, where the policy requires all',
    'gate: {platforms: all}',
    {},
    others,
    'undecided',
    /^1 of 2 platforms judged, and gate\.platforms requires all/,
  ],
  ['the same where it does not', '{}', {}, others, 'holds', /^no verdict got worse/],
  ['a platform of the old release', 'gate: {platforms: all}', others, {}, 'holds', /^no verdict/],
  [
    'a rule that must apply to something, and applies to nothing',
    'gate: {required: [relro]}',
    {},
    {},
    'broken',
    /^relro applied to nothing, and gate\.required expects that it does/,
  ],
  [
    'an entry of a strict policy that does nothing',
    'gate: {strict-policy: true}\nwaivers: [{rule: pie, path: /gone, reason: so}]',
    {},
    {},
    'broken',
    /^1 entry of the policy does nothing \(/,
  ],
  [
    'a name that only the image says, and a stricter entry',
    'images: [{image: acme/**, gate: {fail-on: note}}]\nlocked: all',
    itself,
    itself,
    'undecided',
    /^stricter settings may be meant for evil\/x:1, and its name/,
  ],
];

test('which of several old images a new one is, its maker does not say under a lock', async () => {
  const called = (name: string, namedBy: 'content' | 'user'): GivenTarget => ({
    ...itself,
    name,
    namedBy,
  });
  const several = {
    ...saved(),
    targets: ['acme/svc:1', 'acme/debug:1'].flatMap(
      (name) => saved(called(name, 'content')).targets,
    ),
  };
  const folder = folderWith({ 'org.yaml': 'locked: all', 'app/hullcheck.yaml': '$schema: x' });
  const locked = await settingsIn(join(folder, 'app'), { extends: ['../org.yaml'] });
  const free = await settingsIn(join(folder, 'app'), {});
  const rules = { known: ['pie'], chosen: undefined };
  const compared = (fresh: GivenTarget, { policy }: typeof free) =>
    compareReleases([several, saved(fresh)], policy, rules).gate;
  const gate = compared(called('acme/debug:2', 'content'), locked);
  assert.equal(gate.state, 'undecided');
  assert.match(gate.because, /^only its maker says that acme\/debug:2 is not acme\/svc:1/);
  assert.equal(compared(called('acme/debug:2', 'user'), locked).state, 'holds');
  assert.equal(compared(called('acme/debug:2', 'content'), free).state, 'holds');
});

for (const [claim, yaml, old, fresh, want, because] of table)
  test(`a comparison of ${claim}: ${want}`, async () => {
    const folder = folderWith({ 'org.yaml': yaml, 'app/hullcheck.yaml': '$schema: x' });
    const { policy } = await settingsIn(join(folder, 'app'), { extends: ['../org.yaml'] });
    const rules = { known: ['pie'], chosen: undefined };
    const { gate } = compareReleases([saved(old), saved(fresh)], policy, rules);
    assert.equal(gate.state, want, gate.because);
    assert.match(gate.because, because);
  });
