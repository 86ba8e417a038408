import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { UsageError } from '../../src/base/errors.ts';
import type { Severity } from '../../src/base/verdict.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import type { Acceptance, BaselineEntry } from '../../src/policy/baseline/entry.ts';
import { updatedBaseline } from '../../src/policy/baseline/update.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { profileOf } from '../../src/policy/config/effective.ts';
import { mergeLayers } from '../../src/policy/config/layers.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import { imageNameOf } from '../../src/policy/image-name.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { demandStrict } from '../../src/policy/strict-policy.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { folderWith } from '../support/policy/folder-with.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const today = '2026-11-30';
const shape = configShape(
  rules.map(({ id }) => id),
  profiles.map(({ name }) => name),
);
const app = target({
  binaries: [binary({ path: '/a', verdicts: [verdict({ rule: 'pie', severity: 'high' })] })],
});
const found = {
  ...{ rule: 'pie', path: '/a', package: null, buildId: null },
  severity: 'high' as Severity | undefined,
};

type Given = Acceptance & {
  readonly image?: string;
  readonly severity?: Severity | undefined;
};

/** Each text is a configuration that wins over those before it. */
function policyFrom(entry: Given, ...texts: readonly string[]): Policy {
  const layers = texts.map((text, at) => {
    const config = readConfig(text, `${at}.yaml`, shape) ?? {};
    return { config, originOf: () => `${at}.yaml`, placeOf: () => `${at}.yaml` };
  });
  const { severity, ...rest } = { ...found, ...entry };
  const written = { ...rest, ...(severity === undefined ? {} : { severity }) };
  const baseline: readonly BaselineEntry[] = [written];
  return policyOf(mergeLayers(layers), profileOf('default'), { today, baseline });
}

const table: readonly (readonly [limits: string, entry: Given, want: RegExp | null])[] = [
  ['expires: required', {}, /it has no end \(limits at \d\.yaml:1\)/],
  ['expires: required', { expires: '2030-12-31' }, null],
  ['at-most: 180d', {}, /it has no end/],
  ['at-most: 180d', { expires: '2027-05-29' }, null],
  ['at-most: 180d', { expires: '2027-05-30' }, /counts from today: 181 days, at most 180/],
  ['at-most: 180d', { date: '2026-07-03', expires: '2026-12-30' }, null],
  ['at-most: 180d', { date: '2026-07-03', expires: '2026-12-31' }, /made on 2026-07-03: 181 days/],
  ['at-most: 180d', { date: '2027-06-01', expires: '2027-06-30' }, /counts from today: 212 days/],
  ['owner: required', {}, /it has no owner/],
  ['owner: required', { owner: ' ' }, /it has no owner/],
  ['owner: required', { owner: '\u200b' }, /it has no owner/],
  ['owner: required', { owner: '\u3164\u2800' }, /it has no owner/],
  ['owner: required', { owner: 'team-x' }, null],
  ['reason: required', { reason: '' }, /it has no reason/],
  ['reason: required', { reason: 'old' }, null],
  ['image: required', {}, /it is of no image \(limits at \d\.yaml:1\)/],
  ['image: required', { image: imageNameOf(app).repository }, null],
  ['owner: required', { owner: 'x', severity: undefined }, /does not say what the finding weighed/],
  ['expires: required, owner: required', {}, /it has no end; it has no owner/],
];

for (const [limits, entry, want] of table)
  test(`baseline: {${limits}} ${want === null ? 'allows' : 'refuses'} the entry ${JSON.stringify(entry)}, in whichever file it is`, () => {
    for (const texts of [
      [`baseline: {${limits}, file: known.json}`],
      [`baseline: {${limits}}`, 'baseline: known.json'],
      ['baseline: known.json', `baseline: {${limits}}`],
      [`baseline: {${limits}}`, 'baseline: {at-most: 9000d}', 'baseline: known.json'],
    ]) {
      // The wider limit of a later file requires an end itself.
      const given =
        texts.length === 3 && want === null ? { expires: '2026-12-31', ...entry } : entry;
      const policy = policyFrom(given, ...texts);
      const { targets, policy: record } = applyPolicy([app], policy);
      const [judged] = targets[0]?.binaries[0]?.verdicts ?? [];
      assert.equal(judged?.baselined, want === null ? true : undefined);
      const named = record.notices.filter((notice) => /baseline counts? again/.test(notice));
      assert.equal(named.length, want === null ? 0 : 1);
      if (want !== null) assert.match(named[0] ?? '', want);
      const strict = { ...policy, gate: { ...policy.gate, strictPolicy: true } };
      if (want === null) demandStrict(strict);
      else assert.throws(() => demandStrict(strict), UsageError);
      demandStrict(policy);
    }
  });

test('an update replaces an entry that is beyond the limits by one that is new', () => {
  const policy = policyFrom({ owner: 'former' }, 'baseline: {expires: required, file: k.json}');
  const updating = { namedRules: () => [], today, accept: { expires: '2026-12-31' } };
  const [entry] = updatedBaseline(policy.baseline ?? [], [app], updating);
  assert.equal(entry?.owner, undefined);
  assert.equal(entry?.date, today);
  assert.equal(entry?.expires, '2026-12-31');
});

const sample = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');

test('a repository cannot accept everything by a baseline that the organisation limits', () => {
  const folder = folderWith({
    'org.yaml': 'baseline: {expires: required, owner: required}\n',
    'hullcheck.yaml': 'extends: org.yaml\nbaseline: known.json\n',
  });
  const run = hullcheckIn(folder);
  const update = [sample, '--baseline', 'known.json', '--update-baseline', '--date', today];
  const refused = run(update);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /a new entry would not count: it has no end; it has no owner/);
  const accepted = run([...update, '--expires', '90d', '--owner', 'team-x']);
  assert.equal(accepted.status, 0, accepted.stderr);
  const bare = readFileSync(join(folder, 'known.json'), 'utf8').replaceAll(
    /"owner":"team-x",/g,
    '',
  );
  writeFileSync(join(folder, 'known.json'), bare);
  const scanned = run([sample, '--date', today]);
  assert.equal(scanned.status, 1);
  assert.match(
    scanned.stdout.replace(/\s+/g, ' '),
    /findings of the baseline count again: entries of relro do not count: it has no owner/,
  );
});
