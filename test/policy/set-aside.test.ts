import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { defaultGate, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import { outsideSentence } from '../../src/policy/set-aside.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

describe('what a policy takes away', () => {
  const failing = target({
    binaries: [
      binary({ path: '/a', verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro' })] }),
      binary({ path: '/b', verdicts: [verdict({ rule: 'pie' })] }),
    ],
  });
  const off = (by: 'profile' | 'configuration', to: 'off' | 'low' = 'off') => ({
    levels: [{ rule: 'pie', level: to, because: 'so', where: {}, by }],
  });
  const waiver = {
    rules: ['relro'],
    where: {},
    reason: 'known',
    expires: null,
    causes: [],
    origin: 'c.yaml:1',
  };
  const table: readonly { name: string; policy: Partial<Policy>; want: string | null }[] = [
    { name: 'nothing', policy: {}, want: null },
    { name: 'by the configuration', policy: off('configuration'), want: '2 findings switched off' },
    {
      name: 'by the profile',
      policy: off('profile'),
      want: '2 findings not required by the profile (pie; --profile default requires them)',
    },
    {
      name: 'by a lower level',
      policy: off('configuration', 'low'),
      want: '2 findings lowered below the gate',
    },
    { name: 'by a waiver', policy: { waivers: [waiver] }, want: '1 finding waived' },
    {
      name: 'by the baseline',
      policy: { baseline: [{ rule: 'pie', path: '/b', package: null, buildId: null }] },
      want: '1 finding in the baseline',
    },
    {
      name: 'by several of them',
      policy: { ...off('configuration'), waivers: [waiver] },
      want: '1 finding waived, 2 switched off',
    },
  ];
  for (const { name, policy, want } of table)
    it(`is counted in the line of the gate: ${name}`, () => {
      const { gate } = report([failing], 'high', { ...plainPolicy(), ...policy });
      if (want === null) assert.doesNotMatch(gate.because, /;/);
      else assert.ok(gate.because.endsWith(`; ${want}`), gate.because);
    });

  it('is counted for files that are left out', () => {
    const { gate } = report([{ ...failing, excluded: 3 }]);
    assert.ok(gate.because.endsWith('; 3 files excluded'), gate.because);
  });

  it('stays counted when the report is judged again', () => {
    const policy = { ...plainPolicy(), ...off('configuration') };
    const once = applyPolicy([failing], policy);
    assert.deepEqual(applyPolicy(once.targets, policy).gate, once.gate);
  });
});

describe('a selector that cannot apply', () => {
  const image = target({
    binaries: [binary({ path: '/a', verdicts: [verdict({ rule: 'pie' })] })],
    os: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12' },
  });
  const base = { layer: 'base' } as const;
  const table: readonly { name: string; policy: Partial<Policy>; want: RegExp | null }[] = [
    { name: 'none', policy: {}, want: null },
    {
      name: 'an override of base layers',
      policy: {
        levels: [{ rule: 'pie', level: 'off', because: 'so', where: base, by: 'configuration' }],
      },
      want: /level of pie by layer: base, but of app:1.0 it is not known/,
    },
    {
      name: 'a waiver of base layers',
      policy: {
        waivers: [
          {
            rules: ['pie'],
            where: base,
            reason: 'so',
            expires: null,
            causes: [],
            origin: 'c.yaml:3',
          },
        ],
      },
      want: /c.yaml:3 names layer: base, but of app:1.0/,
    },
    {
      name: 'coverage of own layers',
      policy: { gate: { ...defaultGate, coverageOf: 'own', coverage: { pie: 1 } } },
      want: /coverage of own layers, but of app:1.0 .*: all count$/,
    },
    {
      name: 'a profile of another distribution',
      policy: {
        profile: 'alpine',
        levels: [
          {
            rule: 'pie',
            level: 'off',
            because: 'so',
            where: { os: { id: ['alpine'] } },
            by: 'profile',
          },
        ],
      },
      want: /^the profile alpine is for alpine, and app:1.0 is Debian GNU\/Linux 12: /,
    },
  ];
  for (const { name, policy, want } of table)
    it(`is a warning in every format: ${name}`, async () => {
      const judged = report([image], 'high', { ...plainPolicy(), ...policy });
      const { warnings } = judged.policy;
      assert.equal(warnings.length, want === null ? 0 : 1);
      for (const warning of warnings) {
        assert.match(warning, want ?? /^$/);
        for (const format of [
          'text',
          'json',
          'jsonl',
          'sarif',
          'gitlab',
          'markdown',
          'github',
          'html',
          'junit',
        ]) {
          const text = (await render(format, judged)).replaceAll('\\', '').replaceAll(/\s+/g, ' ');
          assert.ok(text.includes(warning), `${format}: ${text}`);
        }
      }
    });

  it('is none where the base image is known', () => {
    const layers = [
      { index: 0, digest: null, diffId: null, createdBy: null, origin: 'base' as const },
    ];
    const policy = {
      levels: [
        {
          rule: 'pie',
          level: 'off' as const,
          because: 'so',
          where: base,
          by: 'configuration' as const,
        },
      ],
    };
    const judged = report([{ ...image, layers }], 'high', { ...plainPolicy(), ...policy });
    assert.deepEqual(judged.policy.warnings, []);
    assert.equal(judged.gate.state, 'holds');
  });
});

test('the line of what does not count names the smallest option that counts it', () => {
  const none = { waived: 0, baselined: 0, switchedOff: 0, notRequired: 0, lowered: 0, excluded: 0 };
  assert.match(
    String(outsideSentence({ ...none, ofDependencies: 2 })),
    /\(--gate-of dependencies\)$/,
  );
  assert.match(String(outsideSentence({ ...none, ofDistribution: 2 })), /\(--gate-of all\)$/);
  assert.match(
    String(outsideSentence({ ...none, ofDependencies: 1, ofDistribution: 2 })),
    /\(--gate-of all\)$/,
  );
});

test('a glob of packages matches no file without a package, not even by *', () => {
  const owned = (path: string, name: string | null) =>
    binary({
      path,
      verdicts: [verdict({ rule: 'pie' })],
      facts: factsWith({
        package: { known: true, value: name === null ? null : { name } },
      } as never),
    });
  for (const glob of ['*', '?*', '**']) {
    const where = { package: [glob] };
    const policy = {
      ...plainPolicy(),
      levels: [
        { rule: 'pie', level: 'off' as const, because: 'so', where, by: 'configuration' as const },
      ],
    };
    const judged = report(
      [target({ binaries: [owned('/a', null), owned('/b', 'x')] })],
      'high',
      policy,
    );
    const [first] = judged.targets[0]?.binaries ?? [];
    assert.equal(first?.verdicts[0]?.outcome, 'fail', `package: '${glob}'`);
    assert.equal(judged.gate.state, 'broken', `package: '${glob}'`);
  }
});
