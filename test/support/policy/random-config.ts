import { ruleIds } from '../../../rules/ids.ts';
import { severities } from '../../../src/base/verdict.ts';
import { profiles } from '../../../src/policy/profiles/index.ts';
import { wordNames } from '../../../src/policy/words/words.ts';
import { randomNumbers } from '../random.ts';

/** As it stands in hullcheck.json. */
export interface PlainConfig {
  readonly profile?: string;
  readonly 'runs-on'?: Readonly<Record<string, string>>;
  readonly allow?: Readonly<Record<string, unknown>>;
  readonly deny?: Readonly<Record<string, unknown>>;
  readonly rules?: Readonly<Record<string, unknown>>;
  readonly overrides?: readonly PlainOverride[];
  readonly gate?: PlainGate;
  readonly waivers?: readonly Readonly<Record<string, unknown>>[];
  readonly dependencies?: readonly Readonly<Record<string, unknown>>[];
  readonly yours?: readonly unknown[];
  readonly images?: readonly Readonly<Record<string, unknown>>[];
  readonly accept?: readonly string[];
  readonly locked?: readonly string[];
}

interface PlainOverride {
  readonly [selector: string]: unknown;
  readonly rules: Readonly<Record<string, string>>;
}

export interface PlainGate {
  readonly 'strict-policy'?: boolean;
  readonly required?: boolean | readonly string[];
  readonly of?: string;
  readonly 'fail-on'?: readonly string[];
  readonly 'fail-on-unknown'?: boolean;
  readonly coverage?: Readonly<Record<string, number>>;
  readonly 'coverage-of'?: string;
  readonly maximum?: Readonly<Record<string, number>>;
  readonly 'allow-empty'?: boolean;
  readonly platforms?: string;
}

const thresholds = ['none', ...severities.toReversed()];
/** Mostly such that other conditions decide, and by little. */
const loose = [...thresholds, 'none', 'none', 'none', 'critical'];
const levels = ['off', ...severities.toReversed()];
/** Those that fail or are undecided in most images. */
const rules = [
  ...['pie', 'relro', 'bind-now', 'stack-protector', 'fortify-source', 'build-id'],
  ...['no-text-relocations', 'separate-code', 'entrypoint-starts', 'loadable', 'compiler-flags'],
];
const paths = [
  ...['/bin/*', '/usr/**', '/usr/local/**', '/lib/**', '*.so*', 'server', 'app', '/opt/**'],
  ...['/bin/busybox', '/usr/lib/**', '/sbin/*'],
];
const packages = ['busybox', 'musl', 'zlib', 'libc*', '*', 'none'];

type Below = (bound: number) => number;

/** Everything that a configuration can say of a saved report, often more than one thing at once. */
export function randomConfig(seed: number): PlainConfig {
  const below = randomNumbers(seed);
  const config = ofVerdicts(below);
  return { ...config, ...ofWords(below), gate: { ...config.gate, ...ofGate(below) } };
}

/** What an image says of itself, and what of it counts. */
function ofWords(below: Below): PlainConfig {
  const accept = wordNames.filter(() => below(3) > 0);
  return {
    ...(below(5) === 0 ? { accept } : {}),
    ...(below(6) === 0 ? { locked: ['gate.of'] } : {}),
  };
}

function ofGate(below: Below): PlainGate {
  return {
    ...(below(5) === 0 ? { required: below(2) === 0 } : {}),
    ...(below(8) === 0 ? { 'strict-policy': true } : {}),
  };
}

/** The same with what rules are judged by, which is asked of facts. */
export function withRuleSettings(config: PlainConfig, seed: number): PlainConfig {
  const below = randomNumbers(seed);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const place = () => (below(2) === 0 ? { path: [pick(paths)] } : {});
  const entry = (globs: readonly string[]) => ({ names: [pick(globs), pick(globs)], ...place() });
  const system = () => ({
    ...(below(2) === 0 ? { glibc: pick(['2.17', '2.31', '2.41']) } : {}),
    ...(below(2) === 0 ? { kernel: pick(['3.10', '5.10', '6.1']) } : {}),
    cpu: pick(['x86-64-v1', 'x86-64-v2', 'x86-64-v3']),
  });
  return {
    ...config,
    ...(below(2) === 0 ? { 'runs-on': system() } : {}),
    ...(below(2) === 0
      ? {
          allow: {
            needed: [entry(['libc*', 'libm*', 'ld-*', '*'])],
            exports: [entry(['a*', '*'])],
          },
        }
      : {}),
    ...(below(2) === 0
      ? { deny: { imports: [{ ...entry(['gets', 'strcpy', 'system', 'mem*']), reason: 'no' }] } }
      : {}),
  };
}

function ofVerdicts(below: Below): PlainConfig {
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const some = <T>(most: number, make: () => T): readonly T[] =>
    Array.from({ length: below(most + 1) }, make);
  const maybe = <T extends object>(oneOf: number, make: () => T): T | object =>
    below(oneOf) === 0 ? make() : {};
  const rule = () => (below(4) === 0 ? pick(ruleIds) : pick(rules));
  const place = () => ({
    ...maybe(2, () => ({ path: some(2, () => pick(paths)).concat(pick(paths)) })),
    ...maybe(5, () => ({ package: [pick(packages)] })),
    ...maybe(6, () => ({ whose: [pick(['yours', 'dependency', 'distribution'])] })),
    ...maybe(6, () => ({ kind: [pick(['shared-library', 'executable', 'static-pie'])] })),
    ...maybe(8, () => ({ layer: pick(['base', 'own']) })),
  });
  const byRule = <T>(most: number, value: () => T) =>
    Object.fromEntries(some(most, () => [rule(), value()] as const));
  const level = () => pick(levels);
  return {
    ...maybe(2, () => ({ profile: pick(profiles).name })),
    rules: byRule(4, () =>
      below(3) === 0 ? { level: level(), reason: 'so (it is said)' } : level(),
    ),
    overrides: some(3, () => ({ ...place(), path: [pick(paths)], rules: { [rule()]: level() } })),
    gate: {
      ...maybe(2, () => ({ of: pick(['yours', 'dependencies', 'all']) })),
      ...(below(3) > 0 ? { 'fail-on': [pick(loose), ...some(2, rule)] } : {}),
      ...maybe(4, () => ({ 'fail-on-unknown': below(2) === 0 })),
      coverage: byRule(2, () => below(101)),
      ...maybe(6, () => ({ 'coverage-of': 'own' })),
      maximum: below(3) === 0 ? { [pick([...severities, rule()])]: below(6) } : {},
      ...maybe(6, () => ({ 'allow-empty': true })),
      ...maybe(8, () => ({ platforms: pick(['all', 'chosen']) })),
    },
    waivers: some(4, () => ({
      ...(below(3) === 0 ? { rules: [...new Set([rule(), rule(), rule()])] } : { rule: rule() }),
      ...maybe(9, () => ({ owner: pick(['team-a', 'team-b']) })),
      ...place(),
      reason: pick(['accepted', 'known (see the list)']),
      ...maybe(2, () => ({ expires: pick(['2020-01-01', '2026-12-01', '2099-01-01']) })),
    })),
    dependencies: some(1, () => ({ name: 'runtime', path: [pick(paths)], reason: 'theirs' })),
    images: some(1, () => ({
      image: [pick(['sample/**', '**', 'root-cases.tar', '**/starts:closed'])],
      ...maybe(2, () => ({ profile: pick(profiles).name })),
      ...maybe(2, () => ({ rules: { [rule()]: level() } })),
      ...maybe(2, () => ({ gate: { 'fail-on': [pick(thresholds)] } })),
    })),
    yours: some(1, () => pick(['busybox', '/usr/local/**', '/opt/**'])),
  };
}

/**
 * The same, and more: whatever breaks the gate of the first cannot hold by the second. Left out are changes that may go both ways:
 * more files, or other levels, where a share or a number of one severity is a condition.
 */
export function tightened(config: PlainConfig, seed: number): PlainConfig {
  const below = randomNumbers(seed);
  const steps = stepsFor(config);
  let tight = config;
  for (let left = 1 + below(3); left > 0; left -= 1)
    tight = steps[below(steps.length)]?.(tight, below) ?? tight;
  return tight;
}

type Step = (config: PlainConfig, below: Below) => PlainConfig;

function stepsFor({ gate = {} }: PlainConfig): readonly Step[] {
  const { coverage = {}, maximum = {} } = gate;
  const countsSeverities = Object.keys(maximum).some((name) => severities.some((s) => s === name));
  const countsShares = Object.keys(coverage).length > 0;
  return [
    withGate((was) => ({ 'fail-on': lowered(was['fail-on']) })),
    withGate((was, below) => ({
      'fail-on': [...(was['fail-on'] ?? ['high']), rules[below(rules.length)] ?? 'pie'],
    })),
    withGate(() => ({ 'fail-on-unknown': true })),
    withGate(() => ({ 'allow-empty': false })),
    withGate(() => ({ platforms: 'all' })),
    withGate(() => ({ required: true })),
    withGate(() => ({ 'strict-policy': true })),
    withGate((was, below) => ({
      coverage: mapped(was.coverage, (least) => Math.min(100, least + below(30))),
    })),
    withGate((was, below) => ({
      maximum: mapped(was.maximum, (most) => Math.max(0, most - 1 - below(3))),
    })),
    ...(countsSeverities || countsShares ? [] : [acceptingNothing]),
    // An entry that does nothing may do something by others.
    ...(gate['strict-policy'] === true ? [] : stepsOfEntries({ countsSeverities, countsShares })),
  ];
}

function stepsOfEntries({
  countsSeverities,
  countsShares,
}: Readonly<Record<'countsSeverities' | 'countsShares', boolean>>): readonly Step[] {
  return [
    ...(countsSeverities || countsShares ? [] : [raisedLevels, withoutOff, wider]),
    ...(countsSeverities ? [] : [withoutWaiver]),
    ...(countsShares ? [] : [withoutDependencies]),
  ];
}

function withGate(change: (gate: PlainGate, below: Below) => PlainGate): Step {
  return (config, below) => ({
    ...config,
    gate: { ...config.gate, ...change(config.gate ?? {}, below) },
  });
}

function mapped(
  values: Readonly<Record<string, number>> | undefined,
  change: (value: number) => number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, one]) => [key, change(one)]));
}

/** The severity one lower. */
function lowered(named: readonly string[] = ['high']): readonly string[] {
  const next = (name: string) => thresholds[Math.max(1, thresholds.indexOf(name) - 1)] ?? name;
  // `none` is the loosest.
  return named.map((name) =>
    name === 'none' ? 'critical' : thresholds.includes(name) ? next(name) : name,
  );
}

/** All levels that the configuration sets, one higher. */
const raisedLevels: Step = (config) => {
  const raise = (level: string) => levels[Math.min(levels.length - 1, levels.indexOf(level) + 1)];
  const raiseSetting = (setting: unknown) => {
    if (typeof setting === 'string') return raise(setting);
    const { level, ...rest } = setting as { readonly level: string };
    return { ...rest, level: raise(level) };
  };
  const raised = (set: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(set).map(([rule, one]) => [rule, raiseSetting(one)]));
  return {
    ...config,
    rules: raised(config.rules),
    overrides: (config.overrides ?? []).map((each) => ({
      ...each,
      rules: raised(each.rules) as Readonly<Record<string, string>>,
    })),
  };
};

const withoutOff: Step = (config) => ({
  ...config,
  overrides: (config.overrides ?? []).filter(
    (each) => !Object.values(each.rules).every((level) => level === 'off'),
  ),
});

const wider: Step = (config) => {
  const next = config.gate?.of === undefined || config.gate.of === 'yours' ? 'dependencies' : 'all';
  return { ...config, gate: { ...config.gate, of: next } };
};

const withoutWaiver: Step = (config, below) => {
  const waivers = config.waivers ?? [];
  const at = below(waivers.length);
  return { ...config, waivers: waivers.filter((_, index) => index !== at) };
};

const acceptingNothing: Step = (config) => ({ ...config, accept: [] });

const withoutDependencies: Step = (config) => ({ ...config, dependencies: [] });
