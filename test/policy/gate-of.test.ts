import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { type GateConditions, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, JudgedVerdict } from '../../src/report/report.ts';
import type { Whose } from '../../src/root/ownership/ownership.ts';
import type { Facts } from '../../src/root/root-facts.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

type GateOf = GateConditions['of'];
const debian = { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12' };

/** Facts as a table: what an owner and an exposure say of a file. */
function fileOf(
  whose: Whose,
  verdicts: readonly JudgedVerdict[],
  { path = `/${whose}`, exposure = {}, facts = {} } = {},
): BinaryReport {
  const owner =
    whose === 'yours' ? null : { name: 'bash', version: '5.2.15-2+b7', architecture: 'amd64' };
  const table = {
    ownership: known({ whose, component: null, because: 'the test says so' }),
    package: known(owner),
    exposure: known({ privileged: false, reached: null, onPath: true, ...exposure }),
    ...facts,
  };
  // A report's facts are read as a table: these are the ones that decide here.
  return binary({ path, facts: table as unknown as Facts, verdicts });
}

function judged(
  binaries: readonly BinaryReport[],
  gate: Partial<GateConditions>,
  policy: Partial<Policy> = {},
) {
  const given = { ...plainPolicy(gate), ...policy };
  return applyPolicy([target({ binaries, os: debian })], given);
}

const passing = verdict({ rule: 'pie', outcome: 'pass' });
const pie = verdict({ rule: 'pie' });
const loadable = verdict({ rule: 'loadable' });
const unknownPie = verdict({ rule: 'pie', outcome: 'unknown' });
const damagedPie = verdict({ rule: 'pie', outcome: 'unknown', undecidedBy: 'damage' });

describe('whose files break the gate', () => {
  const starts = { how: 'started', by: '/x' };
  const table: readonly {
    name: string;
    file: BinaryReport;
    breaks: readonly GateOf[];
    gate?: Partial<GateConditions>;
  }[] = [
    {
      name: 'yours always',
      file: fileOf('yours', [pie]),
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'a dependency by a flag of its compiler, where the gate is of it',
      file: fileOf('dependency', [pie]),
      breaks: ['dependencies', 'all'],
    },
    ...(
      [
        'loadable',
        'musl-linkage',
        'safe-run-path',
        'non-executable-stack',
        'no-writable-code',
        'entrypoint-starts',
      ] as const
    ).map((rule) => ({
      name: `a dependency always by ${rule}`,
      file: fileOf('dependency', [verdict({ rule })]),
      breaks: ['yours', 'dependencies', 'all'] as const,
    })),
    {
      name: 'a dependency by nothing that weighs too little',
      file: fileOf('dependency', [{ ...loadable, severity: 'medium' }]),
      breaks: [],
    },
    {
      name: 'the distribution only where the gate is of all',
      file: fileOf('distribution', [pie, loadable]),
      breaks: ['all'],
    },
    {
      name: 'the distribution always by a severe deviation of what the command starts',
      file: fileOf('distribution', [pie], { exposure: { reached: starts } }),
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'the distribution always by a severe deviation of an interpreter of the command',
      file: fileOf('distribution', [pie], {
        exposure: { reached: { how: 'interpreter', by: '/run' } },
      }),
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'the distribution always by a severe deviation of a setuid program',
      file: fileOf('distribution', [pie], { exposure: { privileged: true } }),
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'the distribution always by a severe deviation of what the command mentions',
      file: fileOf('distribution', [pie], {
        exposure: { reached: { how: 'mentioned', by: '/run' } },
      }),
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'the distribution always by a severe deviation of what a reached program loads',
      file: fileOf('distribution', [verdict({ rule: 'non-executable-stack' })], {
        exposure: { reached: { how: 'loaded', by: '/bin/app' } },
      }),
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'a dependency always by what a setuid program of it severely lacks',
      file: fileOf('dependency', [pie], { exposure: { privileged: true } }),
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'a dependency not by a lesser lack of a setuid program',
      file: fileOf('dependency', [{ ...pie, severity: 'medium' }], {
        exposure: { privileged: true },
      }),
      gate: { failOn: 'medium' },
      breaks: ['dependencies', 'all'],
    },
    {
      name: 'a dependency not by what a setuid program lacks, where the configuration declares it',
      file: fileOf('dependency', [pie], {
        exposure: { privileged: true },
        facts: {
          ownership: known({
            whose: 'dependency',
            component: { ecosystem: 'deb' },
            isDeclared: true,
          }),
        },
      }),
      breaks: ['dependencies', 'all'],
    },
    ...(['started', 'named', 'interpreter', 'mentioned', 'loaded'] as const).map((how) => ({
      name: `a package of a third party always by what it severely lacks where it is ${how}`,
      file: fileOf('dependency', [pie], {
        exposure: { reached: { how, by: '/x' } },
        facts: { ownership: known({ whose: 'dependency', component: { ecosystem: 'deb' } }) },
      }),
      breaks: ['yours', 'dependencies', 'all'] as const,
    })),
    {
      name: 'a package of a third party that the command starts not by a lesser lack',
      file: fileOf('dependency', [{ ...pie, severity: 'medium' }], {
        exposure: { reached: starts },
        facts: { ownership: known({ whose: 'dependency', component: { ecosystem: 'apk' } }) },
      }),
      gate: { failOn: 'medium' },
      breaks: ['dependencies', 'all'],
    },
    {
      name: 'a package of a third party that the command starts not where the configuration declares it',
      file: fileOf('dependency', [pie], {
        exposure: { reached: starts },
        facts: {
          ownership: known({
            whose: 'dependency',
            component: { ecosystem: 'deb' },
            isDeclared: true,
          }),
        },
      }),
      breaks: ['dependencies', 'all'],
    },
    {
      name: 'a package of a third party that nothing leads to not by a flag of its compiler',
      file: fileOf('dependency', [pie], {
        facts: { ownership: known({ whose: 'dependency', component: { ecosystem: 'rpm' } }) },
      }),
      breaks: ['dependencies', 'all'],
    },
    {
      name: 'a wheel that the image starts not by a flag of its compiler',
      file: fileOf('dependency', [pie], {
        exposure: { reached: starts },
        facts: { ownership: known({ whose: 'dependency', component: { ecosystem: 'pypi' } }) },
      }),
      breaks: ['dependencies', 'all'],
    },
    {
      name: 'the distribution not by a lesser deviation of what the command starts',
      file: fileOf('distribution', [{ ...pie, severity: 'medium' }], {
        exposure: { reached: starts },
      }),
      gate: { failOn: 'medium' },
      breaks: ['all'],
    },
    {
      name: 'the distribution not by what it never promised, though the command starts it',
      file: fileOf('distribution', [verdict({ rule: 'bind-now' })], {
        exposure: { reached: starts },
      }),
      breaks: ['all'],
    },
    {
      name: 'a rule that is named, for yours only',
      file: fileOf('distribution', [{ ...pie, severity: 'low' }]),
      gate: { failOn: 'none', failOnRules: ['pie'] },
      breaks: ['all'],
    },
    {
      name: 'what is unknown of yours, where the gate requires it',
      file: fileOf('yours', [unknownPie]),
      gate: { failOnUnknown: true },
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'what is unknown of the distribution only where the gate is of all',
      file: fileOf('distribution', [unknownPie], { exposure: { reached: starts } }),
      gate: { failOnUnknown: true },
      breaks: ['all'],
    },
    {
      name: 'the maximum of yours',
      file: fileOf('yours', [{ ...pie, severity: 'low' }]),
      gate: { maximum: { low: 0 } },
      breaks: ['yours', 'dependencies', 'all'],
    },
    {
      name: 'the maximum of dependencies only where the gate is of them',
      file: fileOf('dependency', [{ ...pie, severity: 'low' }]),
      gate: { maximum: { low: 0, pie: 0 } },
      breaks: ['dependencies', 'all'],
    },
  ];
  for (const { name, file, gate, breaks } of table)
    for (const whose of ['yours', 'dependencies', 'all'] as const)
      it(`${name}: ${breaks.includes(whose) ? 'breaks' : 'holds'} for ${whose}`, () => {
        const answer = judged([file], { of: whose, ...gate }).gate;
        assert.equal(answer.state, breaks.includes(whose) ? 'broken' : 'holds', answer.because);
        assert.equal(answer.of, whose);
      });
});

describe('what damage hides', () => {
  const table = [
    { name: 'of yours', file: fileOf('yours', [damagedPie]), want: 'undecided' },
    { name: 'of the distribution', file: fileOf('distribution', [damagedPie]), want: 'holds' },
    {
      name: 'of the distribution, in a program that is setuid',
      file: fileOf('distribution', [damagedPie], { exposure: { privileged: true } }),
      want: 'undecided',
    },
    {
      name: 'of a dependency, by a flag of its compiler',
      file: fileOf('dependency', [damagedPie]),
      want: 'holds',
    },
    {
      name: 'of a dependency, by what keeps it from starting',
      file: fileOf('dependency', [{ ...damagedPie, rule: 'loadable' }]),
      want: 'undecided',
    },
  ];
  for (const { name, file, want } of table)
    it(`leaves the gate of yours ${want}: ${name}`, () => {
      const { gate, targets } = judged([file], { of: 'yours' });
      assert.equal(gate.state, want, gate.because);
      const [problem] = targets[0]?.problems ?? [];
      assert.equal(problem?.kind, want === 'undecided' ? 'damaged' : 'notice');
    });
});

describe('coverage', () => {
  const passing = verdict({ rule: 'pie', outcome: 'pass' });
  const files = [
    fileOf('yours', [{ ...pie, severity: 'low' }]),
    fileOf('dependency', [passing]),
    fileOf('distribution', [passing], { path: '/a' }),
    fileOf('distribution', [passing], { path: '/b' }),
  ];
  const table = [
    ['yours', '0 of 1 binary'],
    ['dependencies', '1 of 2 binaries'],
    ['all', '3 of 4 binaries'],
  ] as const;
  for (const [of, want] of table)
    it(`counts passes of what the gate is of: ${of}`, () => {
      const { gate } = judged(files, { of, coverage: { pie: 100 } });
      assert.equal(gate.because.includes(`pie covers ${want}, `), true, gate.because);
    });
});

describe('the sentence of the gate', () => {
  const others = [
    fileOf('dependency', [pie, loadable]),
    fileOf('distribution', [pie], { path: '/a' }),
    fileOf('distribution', [pie], { path: '/b' }),
  ];
  const table = [
    {
      name: 'counts your files, and says what does not count',
      files: [fileOf('yours', [pie]), fileOf('yours', [], { path: '/good' }), ...others.slice(1)],
      want: '1 finding of severity high or above in 1 of your 2 binaries; 2 findings of the distribution do not count (--gate-of all)',
    },
    {
      name: 'counts what others break alongside them',
      files: [fileOf('yours', [pie]), ...others],
      want: '2 findings of severity high or above in your one binary and 1 of dependencies; 1 finding of dependencies and 2 of the distribution do not count (--gate-of all)',
    },
    {
      name: 'names others alone',
      files: others,
      want: '1 finding of severity high or above in 1 binary of dependencies; 1 finding of dependencies and 2 of the distribution do not count (--gate-of all)',
    },
    {
      name: 'says that nothing is yours',
      files: others.slice(1, 2),
      want: 'no finding of severity high or above in 1 binary, none of which is yours; 1 finding of the distribution does not count (--gate-of all)',
    },
    {
      name: 'is of your files where it holds',
      files: [fileOf('yours', [passing]), fileOf('distribution', [passing])],
      want: 'no finding of severity high or above in your one binary',
    },
  ];
  for (const { name, files, want } of table)
    it(name, () => assert.equal(judged(files, { of: 'yours' }).gate.because, want));

  it('is of all binaries where the gate is of all', () =>
    assert.equal(
      judged([fileOf('yours', [pie]), ...others], { of: 'all' }).gate.because,
      '5 findings of severity high or above in 4 of 4 binaries',
    ));
});

describe('a mark of an earlier judgement', () => {
  it('is gone when the report is judged for all', () => {
    const files = [fileOf('distribution', [pie])];
    const once = judged(files, { of: 'yours' });
    assert.equal(once.targets[0]?.binaries[0]?.verdicts[0]?.outsideGate, 'distribution');
    const again = applyPolicy(once.targets, plainPolicy({ of: 'all' }));
    assert.equal(again.gate.state, 'broken');
  });
});
