import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { enforceLocksOnOptions } from '../../src/commands/settings/locked-options.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { refuseUnasked } from '../../src/policy/config/unasked.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';
import { image, right, type WeakeningTry, waiver } from '../support/policy/weakened-image.ts';
import {
  entry,
  rightEntry,
  weakeningAcceptances,
} from '../support/policy/weakening-acceptances.ts';
import { weakeningSettings } from '../support/policy/weakening-settings.ts';

/** An organisation that leaves waivers and baselines to its repositories, within limits. */
const organisation = `profile: default
accept: [package-database, os-release]
gate: {of: yours, fail-on: [high, pie], fail-on-unknown: true, required: [pie], coverage: {relro: 50}}
rules: {pie: high}
overrides: [{path: /opt/**, rules: {relro: high}}, {layer: base, rules: {pie: note}}]
images: [{image: ghcr.io/acme/app, gate: {fail-on: [medium, pie]}}]
runs-on: {glibc: 2.31}
allow: {needed: [libc.so.6]}
deny: {imports: [gets]}
waivers: {expires: required, at-most: 90d, owner: required, approved-by: [alice], select: [image, path]}
baseline: {owner: required, image: required, expires: required, at-most: 90d}
locked: [profile, gate, rules, overrides, exclude, dependencies, yours, runs-on, allow, deny, limits, accept]
`;

type Given = Omit<WeakeningTry, 'name' | 'says'>;

const tries = Object.entries({ ...weakeningSettings, ...weakeningAcceptances });

/** The gate of a run, and what it says; null: it ended with an error. */
async function ran({ files = {}, args = {}, env = {}, image: of = image() }: Given) {
  const folder = folderWith({
    'org.yaml': organisation,
    'repository/.git/HEAD': '',
    'repository/app/x': '',
    ...Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`repository/${name}`, text]),
    ),
  });
  try {
    const settings = await settingsIn(join(folder, 'repository/app'), args, {
      HULLCHECK_EXTENDS: '../../org.yaml',
      ...env,
    });
    enforceLocksOnOptions(settings, args);
    refuseUnasked(settings.policy, settings.layers);
    const { gate, policy } = applyPolicy([of], settings.policy);
    const said = [gate.because, ...policy.warnings, ...policy.notices].join('\n');
    return { state: gate.state, said };
  } catch (error) {
    if (error instanceof UsageError) return { state: null, said: error.message };
    throw error;
  }
}

describe('a locked policy is not weakened from below', () => {
  for (const [way, some] of tries)
    describe(way, () => {
      for (const each of some)
        it(each.name, async () => {
          const { state, said } = await ran(each);
          assert.notEqual(state, 'holds', said);
          assert.match(said, each.says);
        });
    });
});

describe('what a locked policy allows is accepted', () => {
  const until = 'created: 2026-11-01, expires: 2026-12-31';
  for (const [name, files] of Object.entries({
    'a waiver within its limits': waiver(`${right}, ${until}`),
    'an entry of a baseline within its limits': entry(rightEntry),
  }))
    it(name, async () => {
      const { state, said } = await ran({ files });
      assert.equal(state, 'holds', said);
    });

  it('and nothing else', async () => assert.equal((await ran({})).state, 'broken'));
});
