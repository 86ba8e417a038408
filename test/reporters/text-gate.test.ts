import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { type GateConditions, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, JudgedVerdict, TargetReport } from '../../src/report/report.ts';
import type { Whose } from '../../src/root/ownership/ownership.ts';
import type { Facts } from '../../src/root/root-facts.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

function fileOf(whose: Whose, path: string, verdicts: readonly JudgedVerdict[]): BinaryReport {
  const component =
    whose === 'yours'
      ? null
      : {
          ecosystem: 'npm',
          name: 'bcrypt',
          version: '5.1',
          purl: 'pkg:npm/bcrypt@5.1',
          group: 'bcrypt',
        };
  const facts = { ownership: known({ whose, component, because: 'the test says so' }) };
  return binary({ path, facts: facts as unknown as Facts, verdicts });
}

const pie = verdict({ rule: 'pie' });
const bindNow = verdict({ rule: 'bind-now', severity: 'medium' });

async function explained(
  binaries: readonly BinaryReport[],
  gate: Partial<GateConditions>,
  given: Partial<TargetReport> = {},
  settings: Pick<Policy, 'settings'> = {},
): Promise<string> {
  const policy = { ...plainPolicy({ of: 'yours', ...gate }), ...settings };
  const text = await render('text', report([target({ binaries, ...given })], 'high', policy), {
    explainGate: true,
  });
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  return text.replaceAll(/\n {4,}/g, ' ');
}

interface Case {
  readonly name: string;
  readonly binaries: readonly BinaryReport[];
  readonly gate?: Partial<GateConditions>;
  readonly given?: Partial<TargetReport>;
  readonly says: readonly RegExp[];
  readonly saysNot?: readonly RegExp[];
}

/** As --yours or the configuration has it. */
function claimed(path: string, verdicts: readonly JudgedVerdict[]): BinaryReport {
  const ownership = known({
    whose: 'yours',
    component: null,
    because: '--yours says so',
    isDeclared: true,
  });
  return binary({ path, facts: { ownership } as unknown as Facts, verdicts });
}

function released(path: string, verdicts: readonly JudgedVerdict[]): BinaryReport {
  const name = 'example.org/tool';
  const component = { ecosystem: 'golang', name, version: 'v1.2.3', purl: '', group: name };
  const ownership = known({ whose: 'yours', component, because: 'no list has it' });
  return binary({ path, facts: { ownership } as unknown as Facts, verdicts });
}

const table: readonly Case[] = [
  {
    name: 'what the user claims is not a dependency to declare',
    binaries: [claimed('/usr/sbin/acmed', [pie])],
    says: [/fix what is yours/],
    saysNot: [/if others built/],
  },
  {
    name: 'a released version of a name may be one',
    binaries: [claimed('/usr/sbin/acmed', [pie]), released('/app', [pie])],
    says: [/if others built \/app, declare it/],
  },
  {
    name: 'a program that nothing says others built is not a dependency to declare',
    binaries: [fileOf('yours', '/usr/local/bin/app', [pie])],
    says: [/fix what is yours/],
    saysNot: [/if others built/],
  },
  {
    name: 'a broken gate names its files, whose they are and by which rules',
    binaries: [
      fileOf('yours', '/app', [pie, bindNow]),
      fileOf('dependency', '/node_modules/bcrypt/a.node', [verdict({ rule: 'safe-run-path' })]),
    ],
    says: [
      /broken {2}fail-on high: 2 findings/,
      /yours: \/app: pie(?!,)/,
      /of dependencies: npm bcrypt 5\.1 \(1 file\): safe-run-path/,
      /fix what is yours/,
      /update or replace the dependencies/,
      /hullcheck waive pie --path \/app --reason '\.\.\.'/,
    ],
  },
  {
    name: 'a finding of others that does not count is not a cause, and is counted apart',
    binaries: [fileOf('yours', '/app', []), fileOf('dependency', '/dep.so', [pie])],
    says: [
      /GATE HOLDS/,
      /holds +fail-on high/,
      /1 finding of dependencies would break it/,
      /--gate-of dependencies breaks on 1 finding of dependencies/,
    ],
    saysNot: [/\/dep\.so/],
  },
  {
    name: 'a gate that holds names the severity that would break it',
    binaries: [fileOf('yours', '/app', [bindNow])],
    says: [/--fail-on medium breaks on 1 finding/],
    saysNot: [/--fail-on low breaks/],
  },
  {
    name: 'the next severity that would hold is above the worst finding',
    binaries: [fileOf('yours', '/app', [verdict({ rule: 'pie', severity: 'critical' })])],
    says: [/--fail-on none breaks on none/],
  },
  {
    name: 'what is unknown is accepted by a waiver, and has neither a number nor a baseline',
    binaries: [fileOf('yours', '/app', [verdict({ rule: 'relro', outcome: 'unknown' })])],
    gate: { failOnUnknown: true },
    says: [
      /give what decides the unknown verdicts/,
      /accept an unknown verdict for a while, with a reason: hullcheck waive relro --path \/app/,
    ],
    saysNot: [/another number/, /--update-baseline/],
  },
  {
    name: 'next to findings too',
    binaries: [fileOf('yours', '/app', [pie, verdict({ rule: 'relro', outcome: 'unknown' })])],
    gate: { failOnUnknown: true },
    says: [/fix what is yours/, /give what decides the unknown verdicts/, /hullcheck waive pie/],
  },
  {
    name: 'a coverage that holds is a condition too',
    binaries: [fileOf('yours', '/app', [verdict({ rule: 'pie', outcome: 'pass' })])],
    gate: { coverage: { pie: 100 } },
    says: [/holds +coverage of pie at least 100 %: pie covers 1 of 1 binary/],
  },
  {
    name: 'a coverage that does not names what it lacks, waived files too',
    binaries: [fileOf('yours', '/app', [{ ...pie, severity: 'note' }])],
    gate: { coverage: { pie: 100 }, maximum: { note: 0 } },
    says: [
      /broken {2}coverage of pie at least 100 %: .*? yours: \/app: pie/s,
      /broken {2}at most 0 note: .*? yours: \/app: pie/s,
    ],
  },
  {
    name: 'an unknown verdict is a cause where the gate requires verdicts',
    binaries: [fileOf('yours', '/app', [verdict({ rule: 'pie', outcome: 'unknown' })])],
    gate: { failOnUnknown: true },
    says: [/broken {2}fail-on-unknown: 1 unknown verdict yours: \/app: pie/],
  },
  {
    name: 'a gate without an answer names what could not be read',
    binaries: [fileOf('yours', '/app', [])],
    given: { problems: [{ kind: 'damaged', where: '/lib/x.so', message: 'it ends early' }] },
    says: [
      /GATE UNDECIDED/,
      /\/lib\/x\.so: it ends early/,
      /what could not be read of \/lib\/x\.so/,
    ],
  },
  {
    name: 'nothing to judge has a remedy too',
    binaries: [],
    says: [/--allow-empty/],
  },
  {
    name: 'a command is for a shell, and its path means that file alone',
    binaries: [fileOf('yours', "/a b'[x]", [pie])],
    says: [/--path '\/a b'\\''\\\[x\\\]' --reason/],
  },
];

describe('--explain-gate', () => {
  for (const { name, binaries, gate = {}, given = {}, says, saysNot = [] } of table)
    it(`${name}`, async () => {
      const text = await explained(binaries, gate, given);
      for (const want of says) assert.match(text.replaceAll(' \\ ', ' '), want);
      for (const want of saysNot) assert.doesNotMatch(text, want);
    });

  it('is in place of the report', async () => {
    const text = await explained([fileOf('yours', '/app', [pie])], {});
    assert.doesNotMatch(text, /YOURS {2}/);
  });
});

/** As the report of a run under a policy with these locks has them. */
const lockedBy = (locks: readonly string[], ...more: readonly string[]) => ({
  settings: [
    { name: 'locked', value: JSON.stringify(locks), from: 'org.yaml:3:9' },
    ...more.map((name) => ({ name, value: '"required"', from: 'org.yaml:5:3' })),
  ],
});
const broken = [
  fileOf('yours', '/app', [pie]),
  fileOf('dependency', '/node_modules/bcrypt/a.node', [verdict({ rule: 'safe-run-path' })]),
  released('/tool', [pie]),
  fileOf('yours', '/cut', [verdict({ rule: 'relro', outcome: 'unknown', undecidedBy: 'damage' })]),
];
const refused: readonly (readonly [
  claim: string,
  settings: Pick<Policy, 'settings'>,
  gone: readonly RegExp[],
  kept: readonly RegExp[],
])[] = [
  [
    'of all settings: nothing but fixes is a way out',
    lockedBy(['all']),
    [/--fail-on/, /--baseline/, /hullcheck waive/, /under dependencies:/, /--exclude/],
    [/fix what is yours/, /update or replace/, /locked by org\.yaml:3:9 are not listed/],
  ],
  [
    'of the gate: neither another threshold nor a baseline that is updated',
    lockedBy(['gate']),
    [/--fail-on/, /--baseline/],
    [/hullcheck waive/, /under dependencies:/, /--exclude/],
  ],
  ['of exclusions', lockedBy(['exclude']), [/--exclude/], [/--fail-on/, /--baseline/]],
  ['of dependencies', lockedBy(['dependencies']), [/under dependencies:/], [/--fail-on/]],
  ['of waivers', lockedBy(['waivers']), [/hullcheck waive/], [/--fail-on/]],
  [
    'of waivers that have an end and an approval: one that has them',
    lockedBy(['waivers'], 'waivers.expires', 'waivers.approved-by', 'waivers.owner'),
    [],
    [/hullcheck waive .* --expires 90d --owner '\.\.\.' --approved-by '\.\.\.'/],
  ],
  [
    'of waivers that have less time than usual, an image and a path: a command with both, and as many days',
    {
      settings: [
        { name: 'waivers.select', value: '["image","path"]', from: 'org.yaml:5:3' },
        { name: 'waivers.at-most', value: '"365d"', from: 'org.yaml:5:9' },
        { name: 'waivers.at-most', value: '"30d"', from: 'team.yaml:5:9' },
      ],
    },
    [/--expires 90d/, /--package/],
    [/hullcheck waive pie --image app --path \/app --reason '\.\.\.' --expires 30d/],
  ],
  [
    'of waivers that name a digest: a command with it',
    { settings: [{ name: 'waivers.select', value: '["digest"]', from: 'org.yaml:5:3' }] },
    [],
    [/hullcheck waive pie --path \/app --digest [0-9a-f]{64} --reason/],
  ],
  [
    'of waivers that name a build ID: none for a file without one',
    { settings: [{ name: 'waivers.select', value: '["build-id"]', from: 'org.yaml:5:3' }] },
    [/hullcheck waive/],
    [/fix what is yours/],
  ],
  [
    'that was cut is one of everything',
    { settings: [{ name: 'locked', value: '["gate', from: 'org.yaml:3:9' }] },
    [/--fail-on/, /--exclude/],
    [],
  ],
];

describe('--explain-gate advises nothing that is refused by a lock', () => {
  for (const [claim, settings, gone, kept] of refused)
    it(claim, async () => {
      const text = (await explained(broken, {}, {}, settings)).replaceAll(/\s+\\?\s*/g, ' ');
      const [, ways = ''] = text.split('WHAT WOULD CHANGE IT');
      for (const each of gone) assert.doesNotMatch(ways, each);
      for (const each of kept) assert.match(ways, each);
    });

  it('nor a wider gate whose coverage other files could reach', async () => {
    const passing = [
      fileOf('yours', '/app', [verdict({ rule: 'pie', outcome: 'pass' })]),
      fileOf('dependency', '/dep.so', [verdict({ rule: 'relro' })]),
    ];
    const gate = { coverage: { pie: 50 } };
    const wider = /--gate-of dependencies breaks on 1 finding/;
    assert.match(await explained(passing, gate), wider);
    assert.doesNotMatch(await explained(passing, gate, {}, lockedBy(['gate'])), wider);
  });
});

describe('conditions that hold have figures', () => {
  it('fail-on and fail-on-unknown too, in --explain-gate and JSON', async () => {
    const found = [
      fileOf('yours', '/app', [
        verdict({ rule: 'pie', outcome: 'pass' }),
        verdict({ rule: 'relro', severity: 'low' }),
        verdict({ rule: 'build-id', outcome: 'not-applicable' }),
      ]),
    ];
    const gate = { failOn: 'high', failOnRules: ['pie'], failOnUnknown: true } as const;
    const text = await explained(found, gate);
    assert.match(text, /holds +fail-on high: 0 findings that weigh so much in 2 verdicts/);
    assert.match(text, /holds +fail-on pie: 0 findings of it in 1 verdict/);
    assert.match(text, /holds +fail-on-unknown: 0 unknown verdicts in 2/);
    const held = report([target({ binaries: found })], 'high', plainPolicy(gate)).gate.held;
    assert.deepEqual(
      held?.map(({ condition }) => condition),
      ['fail-on high', 'fail-on pie', 'fail-on-unknown'],
    );
  });
});

it('a component of more findings than a call takes arguments is explained and listed as others are', async () => {
  const verdicts = Array.from({ length: 20 }, (_, index) => verdict({ rule: `rule-${index}` }));
  const binaries = Array.from({ length: 6500 }, (_, index) =>
    fileOf('dependency', `/node_modules/bcrypt/${index}.node`, verdicts),
  );
  assert.match(await explained(binaries, { of: 'all' }), /npm bcrypt 5\.1 \(6500 files\): rule-0/);
  const whole = report([target({ binaries })], 'high', plainPolicy({ of: 'all' }));
  assert.match(await render('text', whole, {}), /6500 files of 1 package: 130000 high/);
});
