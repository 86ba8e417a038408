import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { known } from '../../src/base/fact.ts';
import { outcomes, severities } from '../../src/base/verdict.ts';
import { inForce } from '../../src/commands/settings/settings.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import type { Config, GateConfig, Override } from '../../src/policy/config/config.ts';
import { giveWay } from '../../src/policy/config/give-way.ts';
import type { ConfigLayer } from '../../src/policy/config/layers.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import type { BinaryReport, TargetReport } from '../../src/report/report.ts';
import type { Ownership } from '../../src/root/ownership/ownership.ts';
import { randomNumbers } from '../support/random.ts';
import { binary, factsWith, target, verdict } from '../support/reports/report-builder.ts';

/** Small worlds, so that rules, files, layers and conditions meet often. */
const ruleIds = ['pie', 'relro', 'bind-now'];
const levels = [...severities, 'off'] as const;
const shares = [0, 30, 50, 80, 100];

function world(seed: number) {
  const below = randomNumbers(seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const chance = (one: number) => below(one) === 0;
  const some = <T>(one: number, key: string, value: () => T) =>
    chance(one) ? { [key]: value() } : {};
  const byRule = <T>(value: () => T) =>
    Object.fromEntries(ruleIds.filter(() => chance(2)).map((rule) => [rule, value()]));
  const gate = (): GateConfig => ({
    ...some(2, 'of', () => pick(['yours', 'dependencies', 'all'])),
    // Mostly none, so that the conditions over numbers decide.
    'fail-on': [
      pick([...severities, ...Array(6).fill('none')]),
      ...ruleIds.filter(() => chance(9)),
    ],
    ...some(4, 'fail-on-unknown', () => chance(2)),
    ...some(2, 'coverage', () => byRule(() => pick(shares))),
    ...some(3, 'coverage-of', () => pick(['all', 'own'])),
    ...some(2, 'maximum', () => ({ [pick([...severities, ...ruleIds])]: below(3) })),
    ...some(8, 'allow-empty', () => chance(2)),
    ...some(6, 'platforms', () => pick(['all', 'chosen'] as const)),
  });
  const override = (): Override => ({
    ...pick<object>([
      { path: ['/bin/*'] },
      { path: ['/opt/x'] },
      { layer: 'base' },
      { layer: 'own' },
      { whose: ['dependency'] },
      { package: ['busy*'] },
    ]),
    rules: { [pick(ruleIds)]: pick([...levels, 'critical', 'critical']) },
  });
  /** Levels that are set, under conditions over numbers: what is higher is not always tighter. */
  const counting = (): Config => ({
    profile: 'default',
    rules: Object.fromEntries(ruleIds.map((rule) => [rule, pick([...levels, 'low', 'note'])])),
    gate: {
      of: 'all',
      'fail-on': [pick(['none', 'none', 'critical'])],
      maximum: { [pick(['high', 'medium', 'low', 'note'])]: below(2) },
      coverage: { [pick(ruleIds)]: pick(shares) },
    },
  });
  /** Takes levels away by what the image says, under conditions of a severity or of a number. */
  const trusting = (): Config => ({
    profile: 'default',
    overrides: ruleIds.map((rule) => ({
      ...pick<object>([
        { layer: 'base' },
        { layer: 'own' },
        { whose: ['dependency'] },
        { package: ['busy*'] },
      ]),
      rules: { [rule]: pick(['off', 'note', 'critical']) },
    })),
    gate: {
      of: pick(['yours', 'dependencies', 'all']),
      'fail-on': [pick(['high', 'medium', 'none'])],
      'coverage-of': 'own',
      coverage: { [pick(ruleIds)]: pick(shares) },
    },
  });
  const config = (): Config => ({
    ...some(6, 'profile', () => pick(['default', 'alpine', 'strict'])),
    ...some(2, 'rules', () => byRule(() => pick([...levels, 'critical']))),
    ...some(2, 'overrides', () => [override()]),
    ...some(1, 'gate', gate),
    ...some(8, 'accept', () => ['history', 'package-database']),
  });
  /** One change, so that many are tighter. */
  const change = (): Config => {
    const all = { ...config(), gate: gate() };
    const { gate: conditions, ...rest } = all;
    const names = [...Object.keys(rest), ...Object.keys(conditions)];
    if (names.length === 0) return {};
    const name = pick(names);
    return Object.hasOwn(conditions, name)
      ? { gate: Object.fromEntries(Object.entries(conditions).filter(([key]) => key === name)) }
      : Object.fromEntries(Object.entries(rest).filter(([key]) => key === name));
  };
  const file = (path: string): BinaryReport =>
    binary({
      path,
      layer: below(3),
      facts: factsWith({ ownership: known(pick(owners)) }),
      verdicts: ruleIds.map((rule) =>
        verdict({
          rule,
          outcome: pick([...outcomes, 'pass', 'pass', 'fail']),
          severity: pick(severities),
        }),
      ),
    });
  const image = (): TargetReport => {
    const count = below(4);
    return target({
      ...some(6, 'otherPlatforms', () => ['linux/arm64']),
      binaries: ['/bin/a', '/bin/b', '/opt/x', '/opt/y'].map(file),
      layers: [0, 1, 2].map((index) => ({
        ...{ index, digest: null, diffId: null, createdBy: null },
        origin: count === 3 ? null : index < count ? ('base' as const) : ('own' as const),
      })),
      base: {
        ...{ name: null, digest: null, because: 'a test says so' },
        layers: count === 3 ? null : count,
        how: count === 3 ? null : pick(['command', 'builder', 'label', 'named'] as const),
      },
    });
  };
  return { config, change, counting, trusting, image };
}

const component = (ecosystem: 'npm' | 'apk') => ({
  ...{ ecosystem, name: 'busybox', version: '1', purl: `pkg:${ecosystem}/busybox@1` },
  group: 'busybox',
});
const because = 'a test says so';
const owners: readonly Ownership[] = [
  { whose: 'yours', component: null, because },
  { whose: 'dependency', component: component('npm'), because },
  { whose: 'dependency', component: component('apk'), because },
  { whose: 'distribution', component: component('apk'), because },
];

function layer(config: Config, name: string): ConfigLayer {
  return { config, originOf: () => name, placeOf: () => `${name}:1:1` };
}

const locked = (config: Config): ConfigLayer =>
  layer({ ...config, locked: [{ at: { name: 'org' }, value: 'all' }] }, 'org');

function stateOf(layers: readonly ConfigLayer[], targets: readonly TargetReport[]) {
  const { config, profile } = inForce(layers);
  const policy = policyOf(config, profile, { today: '2026-11-30', baseline: null });
  return applyPolicy(targets, policy).gate.state;
}

/** null: it loosens, and is refused. */
function accepted(layers: readonly ConfigLayer[], targets: readonly TargetReport[]) {
  try {
    return stateOf(layers, targets);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    assert.match(error.message, /is locked/);
    return null;
  }
}

const seeds = Array.from(
  { length: Number(process.env['LOCKED_SEEDS'] ?? 1000) },
  (_, index) => index + 1,
);

test('no configuration above a locked one turns a broken gate into one that holds', () => {
  let broken = 0;
  let tighter = 0;
  for (const seed of seeds) {
    const { config, change, counting, image } = world(seed);
    const isCounting = seed % 2 === 0;
    const base = locked(isCounting ? counting() : config());
    const over = [change(), isCounting ? { rules: counting().rules ?? {} } : change()].map(
      (each, index) => layer(each, index === 0 ? 'hullcheck.yaml' : '--option'),
    );
    const targets = [image()];
    const state = accepted([base, ...over], targets);
    if (state === null) continue;
    tighter += 1;
    if (stateOf([base], targets) !== 'broken') continue;
    broken += 1;
    assert.notEqual(state, 'holds', `seed ${seed}`);
  }
  assert.ok(tighter > 100 && broken > 50, `${tighter} are tighter, ${broken} of them broken`);
});

test('an older policy with locks of its own gives way to the locked one, and nothing is looser than that', () => {
  let gaveWay = 0;
  let broken = 0;
  for (const seed of seeds) {
    const { config, change, counting, trusting, image } = world(seed + 100_000);
    const made = [config, counting, trusting] as const;
    const [newer, older] = [made[seed % 3]?.() ?? {}, made[Math.floor(seed / 3) % 3]?.() ?? {}];
    const base = locked(newer);
    const old = { ...locked(older), originOf: () => 'old', placeOf: () => 'old:1:1' };
    const { layers, dropped } = giveWay([base, old], (layer) =>
      layer === base ? 'upper' : 'yields',
    );
    // It never stops a run by itself.
    const targets = [image()];
    const between = stateOf(layers, targets);
    if (dropped.length > 0) gaveWay += 1;
    const state = accepted([...layers, layer(change(), 'hullcheck.yaml')], targets);
    if (stateOf([base], targets) !== 'broken') continue;
    broken += 1;
    assert.notEqual(between, 'holds', `seed ${seed}`);
    assert.notEqual(state, 'holds', `seed ${seed}`);
  }
  assert.ok(gaveWay > 300 && broken > 200, `${gaveWay} gave way, ${broken} are broken`);
});

/** What an image that says nothing of itself has, and others invent. */
function withoutWords(image: TargetReport): TargetReport {
  return {
    ...image,
    layers: image.layers.map((each) => ({ ...each, origin: null })),
    base: { name: null, digest: null, layers: null, how: null, because },
    binaries: image.binaries.map((each) => {
      const { ownership } = each.facts;
      const isInvented =
        ownership?.known === true && ownership.value.component?.ecosystem === 'npm';
      const yours = { whose: 'yours' as const, component: null, because };
      return isInvented ? { ...each, facts: factsWith({ ownership: known(yours) }) } : each;
    }),
  };
}

test('nothing that an image says of itself turns a broken locked gate into one that holds', () => {
  let broken = 0;
  for (const seed of seeds) {
    const { trusting, image } = world(seed);
    const found = image();
    if (found.base?.how === 'named') continue;
    const policy = [locked(trusting())];
    if (stateOf(policy, [withoutWords(found)]) !== 'broken') continue;
    broken += 1;
    assert.equal(stateOf(policy, [found]), 'broken', `seed ${seed}`);
  }
  assert.ok(broken > 200, `${broken} are broken`);
});
