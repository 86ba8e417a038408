import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomes, severities } from '../../src/base/verdict.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { readBaseline, writeBaseline } from '../../src/policy/baseline/baseline-file.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import { type Policy, plainPolicy, type Waiver } from '../../src/policy/policy.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { randomNumbers } from '../support/random.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

/** Small worlds, so that paths, rules and waivers meet often. */
const ruleIds = ['pie', 'relro', 'bind-now'];
const paths = ['/bin/a', '/bin/b', '/lib/x.so.1', '/opt/c'];
const thresholds = ['none', ...severities] as const;

function world(seed: number) {
  const below = randomNumbers(seed);
  const pick = <T>(items: readonly [T, ...T[]] | readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const verdicts = () =>
    ruleIds.map((rule) => verdict({ rule, outcome: pick(outcomes), severity: pick(severities) }));
  const image = (): TargetReport =>
    target({
      name: `app:${below(3)}`,
      binaries: paths
        .filter(() => below(4) > 0)
        .map((path) => binary({ path, sha256: `${below(4)}`.repeat(64), verdicts: verdicts() })),
    });
  const waiver = (): Waiver => ({
    rules: [pick(ruleIds)],
    where: pick([
      {},
      { path: [pick(paths)] },
      { path: ['/bin/*'] },
      { digest: [`${below(4)}`.repeat(64)] },
    ]),
    reason: 'accepted',
    expires: pick([null, '2020-01-01', '2030-01-01']),
    origin: 'c.yaml:1',
    causes: [],
  });
  const policy = (): Policy => ({
    ...plainPolicy({
      failOn: pick(thresholds),
      failOnRules: ruleIds.filter(() => below(5) === 0),
      failOnUnknown: below(4) === 0,
      coverage: below(3) === 0 ? { pie: below(101) } : {},
      maximum: below(3) === 0 ? { high: below(4) } : {},
    }),
    levels: Array.from({ length: below(3) }, () => ({
      rule: pick(ruleIds),
      level: pick([...severities, 'off'] as const),
      by: 'configuration' as const,
      because: 'so',
      where: pick([{}, { path: [pick(paths)] }]),
    })),
    waivers: Array.from({ length: below(3) }, waiver),
    today: '2026-11-23',
  });
  return {
    below,
    pick,
    image,
    waiver,
    policy,
    images: () => Array.from({ length: 1 + below(3) }, image),
  };
}

const seeds = Array.from({ length: 400 }, (_, index) => index + 1);
const findingsOf = (targets: readonly TargetReport[], policy: Policy) =>
  applyPolicy(targets, policy).targets.reduce((sum, { counts }) => sum + counts.outcomes.fail, 0);

test('a waiver more never means more findings', () => {
  for (const seed of seeds) {
    const { images, policy, waiver } = world(seed);
    const [targets, base, more] = [images(), policy(), waiver()];
    const with1 = findingsOf(targets, { ...base, waivers: [...base.waivers, more] });
    assert.ok(with1 <= findingsOf(targets, base), `seed ${seed}`);
  }
});

test('a baseline of a report leaves no finding of that report, and nothing is fixed', () => {
  for (const seed of seeds) {
    const { images, policy } = world(seed);
    const [targets, base] = [images(), policy()];
    const entries = baselineOf(applyPolicy(targets, base).targets, () => base.gate.failOnRules);
    const written = readBaseline([...writeBaseline(entries)].join(''), ruleIds);
    assert.deepEqual(written, entries);
    const judged = applyPolicy(targets, { ...base, baseline: written });
    assert.equal(
      judged.targets.reduce((sum, { counts }) => sum + counts.outcomes.fail, 0),
      0,
      `seed ${seed}`,
    );
    assert.deepEqual(judged.policy.fixed, [], `seed ${seed}`);
  }
});

test('a baseline more never means more findings', () => {
  for (const seed of seeds) {
    const { images, policy } = world(seed);
    const [old, targets, base] = [images(), images(), policy()];
    const baseline = baselineOf(applyPolicy(old, base).targets);
    assert.ok(
      findingsOf(targets, { ...base, baseline }) <= findingsOf(targets, base),
      `seed ${seed}`,
    );
  }
});

test('requiring less never breaks a gate that holds', () => {
  for (const seed of seeds) {
    const { images, policy } = world(seed);
    const [targets, base] = [images(), policy()];
    // From the least demanding to the most.
    const codes = thresholds.map((failOn) =>
      exitCodeOf(applyPolicy(targets, { ...base, gate: { ...base.gate, failOn } }).gate),
    );
    const firstBroken = codes.indexOf(1);
    if (firstBroken >= 0)
      assert.ok(
        codes.slice(firstBroken).every((code) => code === 1),
        `seed ${seed}: ${codes}`,
      );
  }
});

test('the order of targets, binaries, waivers and known findings decides nothing', () => {
  for (const seed of seeds) {
    const { images, policy } = world(seed);
    const [old, targets, base] = [images(), images(), policy()];
    const baseline = baselineOf(applyPolicy(old, base).targets);
    const turned = targets
      .toReversed()
      .map((image) => ({ ...image, binaries: image.binaries.toReversed() }));
    const one = applyPolicy(targets, { ...base, baseline });
    const other = applyPolicy(turned, {
      ...base,
      waivers: base.waivers.toReversed(),
      baseline: baseline.toReversed(),
    });
    assert.deepEqual(other.gate, one.gate, `seed ${seed}`);
    // Of several waivers that match the first one accepts, and the others have nothing to do.
    const { inactive: _turned, ...otherPolicy } = other.policy;
    const { inactive: _inactive, ...onePolicy } = one.policy;
    assert.deepEqual(otherPolicy, onePolicy, `seed ${seed}`);
    assert.deepEqual(
      other.targets.map(({ counts }) => counts).reverse(),
      one.targets.map(({ counts }) => counts),
      `seed ${seed}`,
    );
  }
});

test('judging a judged report again changes nothing', () => {
  for (const seed of seeds) {
    const { images, policy } = world(seed);
    const base = policy();
    const once = applyPolicy(images(), base);
    assert.deepEqual(applyPolicy(once.targets, base), once, `seed ${seed}`);
  }
});

test('judging by a policy what another one judged is judging it by that policy alone', () => {
  for (const seed of seeds) {
    const { images, policy } = world(seed);
    const [targets, one, other] = [images(), policy(), policy()];
    const baseline = baselineOf(applyPolicy(images(), one).targets);
    const yours = [{ where: { path: ['/opt/**'] }, what: 'path /opt/**', reason: '', origin: 'c' }];
    const first = applyPolicy(targets, { ...one, baseline, yours });
    assert.deepEqual(
      applyPolicy(first.targets, other),
      applyPolicy(targets, other),
      `seed ${seed}`,
    );
  }
});

test('every verdict is counted once: as an outcome, as waived or as known', () => {
  for (const seed of seeds) {
    const { images, policy } = world(seed);
    const targets = images();
    const baseline = baselineOf(targets.slice(0, 1));
    for (const { binaries, counts } of applyPolicy(targets, { ...policy(), baseline }).targets) {
      const total = Object.values(counts.outcomes).reduce((sum, count) => sum + count, 0);
      assert.equal(total + counts.waived + counts.baselined, binaries.length * ruleIds.length);
    }
  }
});
