import { defaultLimits, limitSettings } from '../../base/limits.ts';
import { parseSize } from '../../base/parse-size.ts';
import { type Severity, severities, severitiesFrom } from '../../base/verdict.ts';
import type { Level } from '../level.ts';
import { defaultGate } from '../policy.ts';
import { acceptedWhenLocked, type Word } from '../words/words.ts';
import type { Config, GateConfig, Override, RuleSetting } from './config.ts';
import type { LockGroup } from './lockable.ts';
import { concernsMore, looserLists } from './tighter-lists.ts';
import { looserParts } from './tighter-system.ts';

/** Where a configuration is looser than what it is compared with. */
export interface Loosened {
  /** As `gate.fail-on`. */
  readonly setting: string;
  /** What the lower layers say; null: nothing can be added. */
  readonly lockedAt: string | null;
  readonly value: string;
  /** As the end of a sentence; absent: the values say it. */
  readonly because?: string;
}

/** What is locked, and what it became: both are merged configurations, the second of more layers. */
type Compare = (locked: Config, now: Config) => Iterable<Loosened>;

const onlyCritical = 'exposure raises it, so only critical is higher in every case';

/**
 * What tighter means, setting by setting. Each is a partial order: of two values of which neither is tighter in every case, the
 * second counts as looser. The order is right if no change that it accepts turns a broken gate into one that holds.
 */
export const tighter: Readonly<Record<LockGroup, Compare>> = {
  /** The same: what profiles expect cannot be ordered, because each of them lowers other rules of other files. */
  *profile({ profile: was = '' }, { profile: is = '' }) {
    if (was !== is) yield { setting: 'profile', lockedAt: was, value: is };
  },
  /** A higher level. Where nothing sets one, a rule weighs by exposure, so only the highest is certain to be higher. */
  *rules(locked, now) {
    for (const [rule, setting] of Object.entries(now.rules ?? {})) {
      const was = locked.rules?.[rule];
      const least = was === undefined ? 'critical' : levelOf(was);
      const is = levelOf(setting);
      const shown = was === undefined ? 'its own severity' : least;
      const place = { setting: `rules.${rule}`, lockedAt: shown, value: is };
      if (rank(is) > rank(least))
        yield was === undefined ? { ...place, because: onlyCritical } : place;
      else yield* ofTotals(was === undefined ? [...severities, 'off'] : [least], is, now, place);
    }
  },
  /** Levels that no file has below: the last override that matches wins, so a new one must be as high as all others. */
  *overrides(locked, now) {
    const added = (now.overrides ?? []).slice((locked.overrides ?? []).length);
    for (const { rules } of added) {
      for (const [rule, setting] of Object.entries(rules)) {
        const below = levelsBelow(rule, locked, now);
        const highest = severities.find((level) => below.includes(level)) ?? 'off';
        const is = levelOf(setting);
        const place = { setting: `overrides.${rule}`, lockedAt: highest, value: is };
        if (rank(is) > rank(highest)) yield place;
        else yield* ofTotals(below, is, now, place);
      }
    }
  },
  exclude: nothingMore('exclude', ({ exclude }) => exclude),
  *gate(locked, now) {
    const [was, is] = [gateOf(locked), gateOf(now)];
    yield* ofOwners(was, is);
    yield* ofFailOn(was, is);
    yield* ofWorseThan(was, is);
    yield* ofTruth('fail-on-unknown', was, is, true);
    yield* ofTruth('allow-empty', was, is, false);
    yield* ofTruth('strict-policy', was, is, true);
    if (was.platforms === 'all' && is.platforms !== 'all')
      yield shown('gate.platforms', was.platforms, is.platforms);
    yield* ofRequired(was, is);
    for (const [name, least] of Object.entries(was.coverage)) {
      const value = is.coverage[name] ?? 0;
      if (value < least) yield shown(`gate.coverage.${name}`, least, value);
    }
    for (const [name, most] of Object.entries(was.maximum)) {
      const value = is.maximum[name] ?? Number.POSITIVE_INFINITY;
      if (value > most) yield shown(`gate.maximum.${name}`, most, value);
    }
  },
  /** None, or those that keep to what the lock requires of them: an end, and somebody who approved it. */
  *waivers(locked, now) {
    const limits = (locked.waiverLimits ?? []).map(({ value }) => value);
    const isBounded = limits.some((each) => each.expires ?? each['at-most']);
    const isApproved = limits.some((each) => each['approved-by'] !== undefined);
    if (!isBounded || !isApproved) yield* noMoreWaivers(locked, now);
  },
  /** The same: another file knows other findings. */
  *baseline({ baseline: was = null }, { baseline: is = null }) {
    if (is !== null && was !== is) yield { setting: 'baseline', lockedAt: was, value: is };
  },
  dependencies: nothingMore('dependencies', ({ dependencies }) => dependencies),
  /** A claim makes files count, but as passes too: a share of them can become higher. */
  yours: nothingMore('yours', ({ yours }) => yours),
  /** Older, or less. */
  *'runs-on'(locked, now) {
    const { coverage } = gateOf(now);
    const countsShare = isShare(coverage['runs-on'] ?? 0);
    const parts = looserParts(locked['runs-on'] ?? {}, now['runs-on'] ?? {}, countsShare);
    for (const { part, was, is, because } of parts) {
      const place = shown(`runs-on.${part}`, was ?? 'no value', is);
      yield because === undefined ? place : { ...place, because };
    }
  },
  /** Fewer names, for the same files. */
  *allow(locked, now) {
    for (const { list, was, is, because } of looserLists(locked, now))
      yield { setting: `allow.${list}`, lockedAt: was, value: is, because };
    if (countsFiles(now) && concernsMore(locked, now)) yield moreFiles('allow');
  },
  /** What is denied is added to. */
  *deny(locked, now) {
    if (countsFiles(now) && concernsMore(locked, now)) yield moreFiles('deny');
  },
  /** More is read. How many files are read at a time is nobody's policy. */
  *limits({ limits: was = {} }, { limits: is = {} }) {
    for (const [name, value] of Object.entries(is)) {
      if (name === 'jobs' || value === undefined) continue;
      const before = Object.entries(was).find(([each]) => each === name)?.[1];
      if (limitOf(name, value) < limitOf(name, before))
        yield shown(`limits.${name}`, before ?? 'its default', value);
    }
  },
  /** Fewer words. What debug files decide is more than what an image says of itself, and more locks keep it out. */
  *accept(locked, now) {
    const [was, is] = [locked, now].map(({ accept }) => accept ?? acceptedWhenLocked);
    const isNew = (word: Word) => !was?.includes(word) && word !== 'debug-files';
    if (is?.some(isNew) === true) yield shown('accept', (was ?? []).join(', '), is.join(', '));
    if (is?.includes('debug-files') && !was?.includes('debug-files'))
      yield shown('accept.debug-files', 'no', 'yes');
  },
};

const noMoreWaivers = nothingMore('waivers', ({ waivers }) => waivers);

function nothingMore(
  setting: LockGroup,
  listOf: (config: Config) => readonly unknown[] | undefined,
): Compare {
  return function* more(locked, now) {
    const [was, is] = [listOf(locked)?.length ?? 0, listOf(now)?.length ?? 0];
    if (is > was) yield { setting, lockedAt: null, value: '' };
  };
}

/** Whether other files that own-lists judges could make a condition hold. */
function countsFiles(config: Config): boolean {
  const { coverage, required } = gateOf(config);
  const isRequired = typeof required === 'boolean' ? required : required.includes('own-lists');
  return isRequired || isShare(coverage['own-lists'] ?? 0);
}

function moreFiles(setting: LockGroup): Loosened {
  const because = 'the gate has a coverage or a requirement that files of a new entry could meet';
  return { setting, lockedAt: 'its entries', value: 'more', because };
}

function shown(setting: string, lockedAt: string | number, value: string | number): Loosened {
  return { setting, lockedAt: String(lockedAt), value: String(value) };
}

function gateOf({ gate = {} }: Config): Required<GateConfig> {
  return {
    of: defaultGate.of,
    'fail-on': [defaultGate.failOn],
    'fail-on-unknown': defaultGate.failOnUnknown,
    'worse-than': defaultGate.worseThan,
    'coverage-of': defaultGate.coverageOf,
    required: defaultGate.required,
    'allow-empty': defaultGate.allowEmpty,
    platforms: 'chosen',
    'strict-policy': false,
    ...gate,
    coverage: gate.coverage ?? {},
    maximum: gate.maximum ?? {},
  };
}

const owners = ['yours', 'dependencies', 'all'] as const;

/** More files count. A share of them is another one then: only all of them, or none, is as much of more files. */
function* ofOwners(was: Required<GateConfig>, is: Required<GateConfig>): Generator<Loosened> {
  const hasShare = Object.values(is.coverage).some(isShare);
  const because = 'a coverage below 100 % can be reached by other files';
  if (was.of !== is.of) {
    const place = shown('gate.of', was.of, is.of);
    if (owners.indexOf(is.of) < owners.indexOf(was.of)) yield place;
    else if (hasShare) yield { ...place, because };
  }
  if (was['coverage-of'] !== is['coverage-of'] && Object.keys(is.coverage).length > 0) {
    const place = shown('gate.coverage-of', was['coverage-of'], is['coverage-of']);
    if (is['coverage-of'] === 'own') yield place;
    else if (hasShare) yield { ...place, because };
  }
}

function* ofFailOn(was: Required<GateConfig>, is: Required<GateConfig>): Generator<Loosened> {
  const [before, after] = [partsOf(was['fail-on']), partsOf(is['fail-on'])];
  const isLess = before.rules.some((rule) => !after.rules.includes(rule));
  if (rankOfThreshold(after.least) < rankOfThreshold(before.least) || isLess)
    yield shown('gate.fail-on', was['fail-on'].join(', '), is['fail-on'].join(', '));
}

function* ofWorseThan(
  { 'worse-than': was }: Required<GateConfig>,
  { 'worse-than': is }: Required<GateConfig>,
): Generator<Loosened> {
  const [before, after] = [was, is].map((least) => severitiesFrom(least).length);
  if ((after ?? 0) < (before ?? 0)) yield shown('gate.worse-than', was, is);
}

function partsOf(named: readonly string[]) {
  const isSeverity = (name: string) => severities.some((each) => each === name);
  return {
    least: severities.find((severity) => named.includes(severity)) ?? null,
    rules: named.filter((name) => name !== 'none' && !isSeverity(name)),
  };
}

/** Higher: more severities break the gate. */
function rankOfThreshold(least: Severity | null): number {
  return least === null ? -1 : severities.indexOf(least);
}

function* ofTruth(
  name: 'fail-on-unknown' | 'allow-empty' | 'strict-policy',
  was: Required<GateConfig>,
  is: Required<GateConfig>,
  tight: boolean,
): Generator<Loosened> {
  if (was[name] === tight && is[name] !== tight)
    yield shown(`gate.${name}`, String(was[name]), String(is[name]));
}

/** More rules must apply; true is for those of all conditions, and for no other. */
function* ofRequired(
  { required: was }: Required<GateConfig>,
  { required: is }: Required<GateConfig>,
) {
  const isLess =
    typeof was === 'boolean'
      ? was && is !== true
      : typeof is === 'boolean' || was.some((rule) => !is.includes(rule));
  if (isLess) yield shown('gate.required', String(was), String(is));
}

export function levelOf(setting: RuleSetting): Level {
  return typeof setting === 'string' ? setting : setting.level;
}

/** 0 is the most severe. */
function rank(level: Level): number {
  return level === 'off' ? severities.length : severities.indexOf(level);
}

/** Every level that a file may have of a rule, without the override that is asked about. */
function levelsBelow(rule: string, locked: Config, now: Config): readonly Level[] {
  const set = now.rules?.[rule];
  if (set === undefined) return [...severities, 'off'];
  const overridden = (locked.overrides ?? []).flatMap(({ rules }: Override) => rules[rule] ?? []);
  return [set, ...overridden].map(levelOf);
}

/**
 * Conditions over numbers do not follow the order of levels. A finding that weighs more is not counted by the maximum of a lower severity
 * any more, unless it breaks the gate by itself then. And a file whose rule was off covers nothing until the rule is on: a share may
 * be reached by its pass.
 */
function* ofTotals(
  from: readonly Level[],
  to: Level,
  now: Config,
  place: Loosened,
): Generator<Loosened> {
  const { coverage, maximum, 'fail-on': failOn } = gateOf(now);
  const { least } = partsOf(failOn);
  const [, rule = ''] = /\.(.*)/.exec(place.setting) ?? [];
  const left = from.find((level) => Object.hasOwn(maximum, level) && rank(level) > rank(to));
  if (left !== undefined && rankOfThreshold(least) < rank(to))
    yield { ...place, because: `it would leave the maximum of ${left}` };
  else if (from.includes('off') && to !== 'off' && isShare(coverage[rule] ?? 0))
    yield { ...place, because: 'passes of files that it was off for would count for coverage' };
}

/** Of all files, or of none, it is the same whatever other files there are. */
function isShare(least: number): boolean {
  return least !== 0 && least !== 100;
}

function limitOf(name: string, value: string | number | undefined): number {
  if (typeof value === 'number') return value;
  if (value !== undefined) return parseSize(name, value);
  const setting = Object.entries(limitSettings).find(([each]) => each === name)?.[1];
  return setting === undefined ? 0 : defaultLimits[setting.limit];
}
