import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import {
  type GateConditions,
  type LevelChange,
  type Policy,
  plainPolicy,
  type Selector,
} from '../../src/policy/policy.ts';
import { acceptedWhenLocked, type Word } from '../../src/policy/words/words.ts';
import type { TargetReport } from '../../src/report/report.ts';
import type { Ownership } from '../../src/root/ownership/ownership.ts';
import { binary, factsWith, target, verdict } from '../support/reports/report-builder.ts';

type BaseEvidence = NonNullable<NonNullable<TargetReport['base']>['how']>;
type Ecosystem = NonNullable<Ownership['component']>['ecosystem'];

/** One file without PIE in the upper of two layers, and what the image says of it. */
function image(
  said: {
    readonly ecosystem?: Ecosystem;
    readonly whose?: Ownership['whose'];
    readonly byPathAlone?: true;
    readonly how?: BaseEvidence;
    readonly buildId?: string;
    readonly namedBy?: 'content';
  } = {},
): TargetReport {
  const { ecosystem, whose = 'dependency', byPathAlone, how, buildId, namedBy } = said;
  const component = { name: 'busybox', version: '1', purl: 'pkg:x/busybox', group: 'busybox' };
  const ownership: Ownership =
    ecosystem === undefined
      ? { whose: 'yours', component: null, because: 'nothing says otherwise' }
      : {
          ...{ whose, component: { ...component, ecosystem }, because: 'a list has it' },
          ...(byPathAlone === undefined ? {} : { byPathAlone }),
        };
  const layer = { digest: null, diffId: null, createdBy: null };
  const count = how === undefined ? null : 2;
  return target({
    name: 'acme/app:1',
    ...(namedBy === undefined ? {} : { namedBy }),
    layers: [0, 1].map((index) => ({ ...layer, index, origin: count === null ? null : 'base' })),
    base: { name: null, digest: null, layers: count, how: how ?? null, because: 'it says so' },
    binaries: [
      binary({
        path: '/opt/app',
        layer: 1,
        facts: factsWith({
          ownership: known(ownership),
          ...(buildId === undefined
            ? {}
            : { buildId: known({ form: 'gnu' as const, id: buildId, evidence: [] }) }),
        }),
        verdicts: [verdict({ rule: 'pie' })],
      }),
    ],
  });
}

function policyWith(given: Partial<Policy>, gate: Partial<GateConditions> = {}): Policy {
  const plain = plainPolicy(gate);
  return { ...plain, ...given, gate: { ...plain.gate, ...gate } };
}

const lowered = (where: Selector, level: LevelChange['level'] = 'off'): Partial<Policy> => ({
  levels: [{ rule: 'pie', level, because: 'so', where, by: 'configuration' }],
});
const waived = (where: Selector): Partial<Policy> => ({
  waivers: [
    { rules: ['pie'], where, causes: [], reason: 'so', expires: null, origin: 'hullcheck.yaml:3' },
  ],
});

const cases: readonly {
  readonly name: string;
  readonly word: Word;
  readonly image: TargetReport;
  readonly policy: Partial<Policy>;
  readonly gate?: Partial<GateConditions>;
}[] = [
  ...(['command', 'builder'] as const).map((how) => ({
    name: `a level of the base image that a ${how} in the history names`,
    word: 'history' as const,
    image: image({ how }),
    policy: lowered({ layer: 'base' }),
  })),
  ...(['label', 'annotation', 'provenance'] as const).map((how) => ({
    name: `a waiver of the base image that a ${how} names`,
    word: 'labels' as const,
    image: image({ how }),
    policy: waived({ layer: 'base' }),
  })),
  {
    name: 'coverage of own layers above a base image of the history',
    word: 'history',
    image: image({ how: 'command' }),
    policy: {},
    gate: { failOn: 'none', coverage: { pie: 100 }, coverageOf: 'own' },
  },
  {
    name: 'a dependency of a package.json',
    word: 'language-packages',
    image: image({ ecosystem: 'npm' }),
    policy: {},
    gate: { of: 'yours' },
  },
  {
    name: 'a level of what lists of languages call dependencies',
    word: 'language-packages',
    image: image({ ecosystem: 'pypi' }),
    policy: lowered({ whose: ['dependency'] }, 'note'),
  },
  {
    name: 'a waiver of a module of a language',
    word: 'language-packages',
    image: image({ ecosystem: 'gem' }),
    policy: waived({ package: ['busybox'] }),
  },
  {
    name: 'a package of a database without digests',
    word: 'package-paths',
    image: image({ ecosystem: 'rpm', whose: 'distribution', byPathAlone: true }),
    policy: {},
    gate: { of: 'dependencies' },
  },
  {
    name: 'a waiver by build ID',
    word: 'build-id',
    image: image({ buildId: 'abcdef' }),
    policy: waived({ buildId: ['abcdef'] }),
  },
  {
    name: 'a waiver of an image that names itself',
    word: 'name',
    image: image({ namedBy: 'content' }),
    policy: waived({ image: ['acme/*'] }),
  },
];

const stateOf = (found: TargetReport, policy: Policy) => applyPolicy([found], policy).gate.state;

for (const { name, word, image: found, policy, gate = {} } of cases)
  test(`${name} loosens the gate only if the policy accepts ${word}`, () => {
    const wanted: readonly (readonly [readonly Word[] | undefined, string])[] = [
      [undefined, 'holds'],
      [[word], 'holds'],
      [acceptedWhenLocked, 'broken'],
      [[], 'broken'],
    ];
    for (const [accept, state] of wanted) {
      const accepting = accept === undefined ? {} : { accept };
      assert.equal(
        stateOf(found, policyWith(policy, { ...gate, ...accepting })),
        state,
        `${accept}`,
      );
    }
  });

test('the package database and os-release are accepted under a lock, and what the user says always', () => {
  const packaged = image({ ecosystem: 'apk', whose: 'distribution' });
  const accept = acceptedWhenLocked;
  assert.equal(stateOf(packaged, policyWith({}, { of: 'yours', accept })), 'holds');
  assert.equal(stateOf(packaged, policyWith({}, { of: 'yours', accept: [] })), 'broken');
  const named = image({ how: 'named' });
  assert.equal(stateOf(named, policyWith(lowered({ layer: 'base' }), { accept })), 'holds');
  const mine = { name: 'x', version: '', reason: 'so', origin: 'org.yaml:2' };
  const declared = { dependencies: [{ ...mine, where: { path: ['/opt/*'] } }] };
  assert.equal(stateOf(image(), policyWith(declared, { of: 'yours', accept })), 'holds');
  const byPackage = { dependencies: [{ ...mine, where: { package: ['busybox'] } }] };
  const listed = image({ ecosystem: 'npm' });
  assert.equal(stateOf(listed, policyWith(byPackage, { of: 'yours', accept })), 'broken');
});

test('a word that is not accepted tightens anyway, and so does one that an image keeps to itself', () => {
  const accept = acceptedWhenLocked;
  const lenient = (where: Selector) =>
    policyWith(
      {
        levels: [
          { rule: 'pie', level: 'off', because: 'so', where: {}, by: 'configuration' },
          { rule: 'pie', level: 'critical', because: 'so', where, by: 'configuration' },
        ],
      },
      { accept },
    );
  // The file is in the base image as the history says, and may be of the author.
  assert.equal(stateOf(image({ how: 'command' }), lenient({ layer: 'own' })), 'broken');
  assert.equal(stateOf(image(), lenient({ layer: 'own' })), 'broken');
  assert.equal(stateOf(image({ how: 'named' }), lenient({ layer: 'own' })), 'holds');
  assert.equal(stateOf(image({ buildId: 'ab' }), lenient({ buildId: ['ab'] })), 'broken');
});

test('a waiver that a word keeps from counting is in use: the word is named, and nothing is removed', () => {
  const where = { image: ['acme/app'] };
  const waiver = {
    rules: ['pie'],
    where,
    causes: [],
    reason: 'x',
    expires: null,
    origin: 'a.yaml:3',
  };
  const accept = acceptedWhenLocked;
  const policy = policyWith({ waivers: [waiver] }, { accept, strictPolicy: true });
  const { gate, policy: said } = applyPolicy([image({ namedBy: 'content' })], policy);
  assert.deepEqual(said.notices, [
    'the waiver of pie at a.yaml:3 rests on the name that the archive of the image gives itself, which the author of the image can write: the policy does not accept it (accept: name), so nothing is loosened by it; to say the name yourself, give it after the file: FILE:NAME',
  ]);
  assert.deepEqual(
    gate.failed.map(({ condition }) => condition),
    ['fail-on high'],
  );
});

test('the report names each selector that rests on a word of the image, whether it is accepted or not', () => {
  const notices = (
    accept: Partial<GateConditions>,
    found: TargetReport,
    policy: Partial<Policy>,
  ) => {
    const { policy: judged, gate } = applyPolicy([found], policyWith(policy, accept));
    return { ...judged, because: gate.because };
  };
  const packaged = image({ ecosystem: 'apk' });
  const byPackage = waived({ package: ['busybox'] });
  assert.deepEqual(notices({}, packaged, byPackage).notices, [
    'the waiver of pie at hullcheck.yaml:3 rests on the package database of the image, where digests agree with it, which the author of the image can write',
  ]);
  assert.match(
    notices({ accept: [] }, packaged, byPackage).notices.join('\n'),
    /1 file counts as yours: only the package database .*, which the policy does not accept \(accept: package-database\)/,
  );
  const guessed = notices({}, image({ how: 'builder' }), lowered({ layer: 'base' }));
  assert.match(
    guessed.warnings[0] ?? '',
    /which its author can write: --base says it for certain$/,
  );
  assert.match(guessed.because, /what is of the base image is as the image says \(--base/);
  const named = notices({}, image({ how: 'named' }), lowered({ layer: 'base' }));
  assert.deepEqual([named.warnings, named.because.includes('--base')], [[], false]);
});
