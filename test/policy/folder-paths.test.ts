import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { settingsOf } from '../support/policy/settings-of.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

const image = target({
  binaries: [
    binary({ path: '/opt/x/bin/a', verdicts: [verdict({ rule: 'pie' })] }),
    binary({
      path: '/usr/bin/tool',
      aliases: ['/srv/tool'],
      verdicts: [verdict({ rule: 'pie', outcome: 'pass' })],
    }),
  ],
});
const waiver = (path: string) => ({ rule: 'pie', path: [path], reason: 'known' });

const table: readonly (readonly [claim: string, config: object, want: readonly RegExp[]])[] = [
  [
    'the folder of a waiver',
    { waivers: [waiver('/opt/x')] },
    [/^\/opt\/x of the waiver at .* is a folder here, .*: did you mean \/opt\/x\/\*\*\?$/],
  ],
  [
    'the folder of an override',
    { overrides: [{ path: ['/opt'], rules: { pie: 'low' } }] },
    [/^\/opt of the override of pie is a folder here/],
  ],
  [
    'the folder of a dependency and of what is yours',
    { dependencies: [{ name: 'x', path: ['/opt/x'], reason: 'y' }], yours: ['/usr/bin'] },
    [
      /^\/opt\/x of the dependency x is a folder/,
      /^\/usr\/bin of what .* says is yours is a folder/,
    ],
  ],
  ['a folder that another name of a file has', { waivers: [waiver('/srv')] }, [/^\/srv of the/]],
  ['a file', { waivers: [waiver('/opt/x/bin/a'), waiver('/srv/tool')] }, []],
  ['all files of a folder', { waivers: [waiver('/opt/**'), waiver('/opt/x/*')] }, []],
  ['a path that is not here', { waivers: [waiver('/opt/x/bin/aa'), waiver('/op')] }, []],
];

for (const [claim, config, want] of table)
  test(`${claim}: ${want.length === 0 ? 'nothing is said' : 'named as a folder'}`, async () => {
    const { policy } = await settingsOf({ profile: 'default', ...config });
    const { notices } = applyPolicy([image], policy).policy;
    const found = notices.filter((text) => text.includes('is a folder here'));
    assert.equal(found.length, want.length, notices.join('\n'));
    for (const each of want)
      assert.ok(
        found.some((text) => each.test(text)),
        found.join('\n'),
      );
  });

test('so is the folder of an exclusion that leaves out nothing', () => {
  const of = (files: number) =>
    applyPolicy(
      [{ ...image, exclusions: [{ glob: '/opt', files }] }],
      plainPolicy(),
    ).policy.notices.filter((text) => /^\/opt of exclude is a folder here/.test(text)).length;
  assert.deepEqual([of(0), of(1)], [1, 0]);
});

test('of many the first are named and the rest is counted', async () => {
  const binaries = Array.from({ length: 20 }, (_, at) => binary({ path: `/d${at}/a` }));
  const waivers = binaries.map((_, at) => waiver(`/d${at}`));
  const { policy } = await settingsOf({ profile: 'default', waivers });
  const { notices } = applyPolicy([target({ binaries })], policy).policy;
  assert.equal(notices.filter((text) => text.includes('is a folder here')).length, 10);
  assert.ok(notices.includes('10 more selectors name a folder and are for no file of it'));
});
