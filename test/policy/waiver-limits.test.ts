import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { UsageError } from '../../src/base/errors.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { profileOf } from '../../src/policy/config/effective.ts';
import { mergeLayers } from '../../src/policy/config/layers.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { demandStrict } from '../../src/policy/strict-policy.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';

const today = '2026-11-30';
const shape = configShape(
  rules.map(({ id }) => id),
  profiles.map(({ name }) => name),
);

/** Each text is a configuration that wins over those before it. */
function policyFrom(...texts: readonly string[]): Policy {
  const layers = texts.map((text, at) => {
    const config = readConfig(text, `${at}.yaml`, shape) ?? {};
    return { config, originOf: () => `${at}.yaml`, placeOf: () => `${at}.yaml` };
  });
  return policyOf(mergeLayers(layers), profileOf('default'), { today, baseline: null });
}

const bare = '{rule: pie, path: /x, reason: y}';
const ending = (day: string, more = '') =>
  `{rule: pie, path: /x, reason: y, expires: ${day}${more}}`;

const placedAt = (glob: string) => `{rule: pie, path: ${glob}, reason: y}`;

const imagedAs = (glob: string) => `{rule: pie, image: ${glob}, reason: y}`;

type Row = readonly [limits: string, waiver: string, want: RegExp | null];

const table: readonly Row[] = [
  ['expires: required', bare, /^it has no end \(limits at 0\.yaml:1\)$/],
  ['expires: required', ending('9999-12-31'), null],
  ['at-most: 180d', bare, /^it has no end/],
  ['at-most: 180d', ending('2027-05-29'), null],
  [
    'at-most: 180d',
    ending('2027-05-30'),
    /^it ends on 2027-05-30 and counts from today: 181 days, at most 180 /,
  ],
  ['at-most: 180d', ending('9999-12-31'), /at most 180/],
  ['at-most: 180d', ending('2026-12-30', ', created: 2026-07-03'), null],
  [
    'at-most: 180d',
    ending('2026-12-31', ', created: 2026-07-03'),
    /was made on 2026-07-03: 181 days/,
  ],
  // A day to come does not make it longer.
  ['at-most: 180d', ending('2027-06-30', ', created: 2027-06-01'), /counts from today: 212 days/],
  ['owner: required', bare, /^it has no owner/],
  ['owner: required', ending('2027-01-01', ', owner: x'), null],
  ['ticket: required', bare, /^it has no ticket/],
  ['ticket: required', ending('2027-01-01', ', ticket: x'), null],
  ['approved-by: required', bare, /^nobody approved it/],
  ['approved-by: required', ending('2027-01-01', ', approved-by: x'), null],
  ['approved-by: [alice, bob]', bare, /^none of alice, bob approved it/],
  [
    'approved-by: alice',
    ending('2027-01-01', ', approved-by: [x, y]'),
    /^none of alice approved it/,
  ],
  ['approved-by: alice', ending('2027-01-01', ', approved-by: [x, alice]'), null],
  ['approved-by: []', ending('2027-01-01', ', approved-by: x'), /^none of nobody approved it/],
  ['expires: required, owner: required', bare, /^it has no end; it has no owner/],
  ['select: required', '{rule: pie, reason: y}', /^it names none of image, path, package, digest/],
  ['select: required', '{rule: pie, kind: object, layer: own, reason: y}', /^it names none of/],
  ['select: required', bare, null],
  ['select: image', bare, /^it names no image \(limits at 0\.yaml:1\)$/],
  ['select: [image, path]', '{rule: pie, image: acme/app, reason: y}', /^it names no path/],
  ['select: [image, path]', '{rule: pie, image: acme/app, path: /x, reason: y}', null],
  ['select: path', `{rule: pie, digest: ${'a'.repeat(64)}, reason: y}`, null],
  ['select: package', '{rule: pie, build-id: abcdef01, reason: y}', null],
  ['select: digest', bare, /^it names no digest/],
  ['select: image', `{rule: pie, digest: ${'a'.repeat(64)}, reason: y}`, /^it names no image/],
  [
    'select: path',
    placedAt("'**'"),
    /^it names no path: \*\* is too wide, no wildcard is allowed in its file name/,
  ],
  ['select: path', placedAt("'/**'"), /is too wide/],
  ['select: path', placedAt("'/'"), /is too wide/],
  ['select: path', placedAt("'*'"), /is too wide/],
  ['select: path', placedAt("'**/*.so'"), /is too wide/],
  ['select: path', placedAt("'**/[!.]*'"), /is too wide/],
  ['select: path', placedAt("'**/[a-zA-Z0-9]*'"), /is too wide/],
  ['select: path', placedAt("'{/opt/x,/**}'"), /is too wide/],
  ['select: path', placedAt("[/opt/x, '**']"), /is too wide/],
  ['select: path', placedAt("'/??*/**'"), /is too wide/],
  ...[
    "'/usr/**'",
    "'**/bin/**'",
    "'/usr/*/*/*'",
    "'/usr/bin/*'",
    "'/usr/lib/x86_64-linux-gnu/**'",
    "'/usr/local/bin/{a,*}'",
    "'/opt/acme-*/**'",
    "'/opt/**'",
    "'**/libfoo*'",
    "'**/acme/**'",
    "'/opt/acme/*/*'",
    "'/usr/bin/[a-z]*'",
  ].map((glob): Row => ['select: path', placedAt(glob), /^it names no path: .* is too wide/]),
  ...[
    "'/opt/acme/**'",
    "'/opt/acme/bin/*'",
    "'/usr/lib/acme/**/*.so'",
    "'**/libfoo.so.1'",
    "'/usr/*/libfoo.so.1'",
    "'/opt/a\\\\*/x'",
  ].map((glob): Row => ['select: path', placedAt(glob), null]),
  ...[
    "'docker.io/**'",
    "'docker.io/*/*'",
    "'docker*/**'",
    "'*/shop'",
    "'**/shop'",
    "'**'",
    "'acme/*'",
    "'acme/sh?p'",
    "'{acme/shop,**/shop}'",
    "['acme/shop', '*/*']",
    "'*:1.0'",
  ].map((glob): Row => ['select: image', imagedAs(glob), /^it names no image: .* is too wide/]),
  ...[
    "'acme/shop'",
    "'acme/shop:1.*'",
    "'docker.io/acme/{shop,cart}'",
    "'**/acme/shop'",
    "'localhost:5000/acme/shop'",
    'shop',
    'shop.tar',
    `'*@sha256:${'a'.repeat(64)}'`,
  ].map((glob): Row => ['select: image', imagedAs(glob), null]),
  ['select: package', '{rule: pie, package: "lib*", reason: y}', /^it names no package: lib\* is/],
  ['select: package', '{rule: pie, package: libfoo, reason: y}', null],
  ['select: path', placedAt('busybox'), null],
];

for (const [limits, waiver, want] of table)
  test(`waivers: {${limits}} ${want === null ? 'allows' : 'refuses'} ${waiver}, in its own file and in later ones`, () => {
    for (const texts of [
      [`waivers: {${limits}, entries: [${waiver}]}`],
      [`waivers: {${limits}}`, `waivers: [${waiver}]`],
      [`waivers: {${limits}}`, `profile: default`, `waivers: {entries: [${waiver}]}`],
    ]) {
      const policy = policyFrom(...texts);
      assert.equal(policy.waivers.length, 1);
      const { refused } = policy.waivers[0] ?? {};
      if (want === null) assert.equal(refused, undefined);
      else assert.match(refused ?? '', want);
      const strict = { ...policy, gate: { ...policy.gate, strictPolicy: true } };
      if (want === null) demandStrict(strict);
      else assert.throws(() => demandStrict(strict), UsageError);
      demandStrict(policy);
    }
  });

test('limits bind no earlier configuration, and a later one cannot widen them', () => {
  const policy = policyFrom(
    `waivers: [${bare}]`,
    `waivers: {expires: required, at-most: 30d, entries: [${ending('2027-05-01')}]}`,
    `waivers: {at-most: 365d, entries: [${ending('2027-05-01')}]}`,
  );
  assert.deepEqual(
    policy.waivers.map(({ refused }) => refused?.replace(/.*\(/, '')),
    [undefined, 'limits at 1.yaml:1)', 'limits at 1.yaml:1)'],
  );
});

test('a run that is dated to a later day makes no waiver shorter than it is', async () => {
  const waiver = ending('2060-02-01');
  const folder = folderWith({ 'hullcheck.yaml': `waivers: {at-most: 90d, entries: [${waiver}]}` });
  const later = String(Date.parse('2060-01-01') / 1000);
  const runs = [
    settingsIn(folder, { date: '2060-01-01' }),
    settingsIn(folder, {}, { SOURCE_DATE_EPOCH: later }),
  ];
  for (const run of runs) {
    const { policy } = await run;
    assert.equal(policy.today, '2060-01-01');
    assert.match(policy.waivers[0]?.refused ?? '', /counts from today: 12\d{3} days, at most 90/);
  }
});

test('a strict policy refuses what has ended, or is not allowed, with each place', () => {
  const policy = policyFrom(
    'gate: {strict-policy: true}',
    `waivers:\n  owner: required\n  entries:\n    - ${ending('2026-11-29', ', owner: x')}\n    - ${ending('2026-11-30')}`,
  );
  assert.throws(
    () => demandStrict(policy),
    (error) =>
      error instanceof UsageError &&
      error.message ===
        '1.yaml:4: the waiver of pie expired on 2026-11-29 (--strict-policy); 1.yaml:5: the waiver of pie is not allowed: it has no owner (limits at 1.yaml:2) (--strict-policy)',
  );
});

const mistakes: readonly (readonly [text: string, want: RegExp])[] = [
  ['waivers: [{reason: x}]', /^0\.yaml:1:11: rule is missing/],
  ['waivers: [{rules: [], reason: x}]', /rule is missing/],
  ['waivers: [{rule: pie, rules: [relro], reason: x}]', /has rule and rules: keep one$/],
  ['waivers: [{rules: [pie, "re*"], reason: x}]', /"re\*" is not allowed here, expected a rule \(/],
  ['waivers: [{rule: pie, reason: " "}]', /" " is not allowed here, expected a sentence$/],
  ['waivers: [{rule: pie, reason: x, owner: " "}]', /" " is not allowed here, expected a name$/],
  ['waivers: {expires: yes}', /"yes" is not allowed here, expected required$/],
  ['waivers: {at-most: 6 months}', /"6 months" is not a number of days such as 180d$/],
  ['waivers: {at-mots: 6d}', /there is no setting "at-mots" here; did you mean at-most\?$/],
  ['waivers: {select: owner}', /"owner" is not allowed here, expected one of image, path/],
  ['waivers: x', /expected a list of waivers: write \[ and \]/],
];

for (const [text, want] of mistakes)
  test(`a mistake in ${text} is reported with its place`, () => {
    assert.throws(
      () => policyFrom(text),
      (error) => error instanceof UsageError && want.test(error.message),
    );
  });
