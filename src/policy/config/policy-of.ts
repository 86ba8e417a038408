import { severities } from '../../base/verdict.ts';
import { limitedEntries } from '../baseline/limits.ts';
import type { Level } from '../level.ts';
import {
  type DeclaredDependency,
  defaultGate,
  type GateConditions,
  type LevelChange,
  type ListedNames,
  type OwnClaim,
  type Policy,
  type Selector,
  type Waiver,
} from '../policy.ts';
import { levelsOf, type Profile } from '../profile.ts';
import { waiverRefusedBy } from '../waivers/waiver-limits.ts';
import type {
  Config,
  DependencyConfig,
  GateConfig,
  ListEntry,
  OwnConfig,
  Place,
  PlacedWaiver,
  RuleSetting,
} from './config.ts';
import { lineText } from './config-node.ts';
import { acceptedBy, refusesDebugFiles } from './locks.ts';
import type { Placed } from './node-shapes.ts';

interface Clock {
  /** The real day: a run that is dated to a later one does not make a waiver shorter. */
  readonly clock?: string;
}

/** What a merged configuration means: the profile's levels first, then `rules`, then `overrides`. */
export function policyOf(
  config: Config,
  profile: Profile,
  {
    today,
    clock = today,
    baseline,
    files = [],
  }: Pick<Policy, 'today' | 'baseline'> & Partial<Pick<Policy, 'files'>> & Clock,
): Policy {
  const accept = acceptedBy(config);
  const earliest = clock < today ? clock : today;
  return {
    profile: profile.name,
    levels: [...levelsOf(profile), ...configuredLevels(config)],
    waivers: (config.waivers ?? []).map((waiver) => waiverOf(waiver, earliest)),
    dependencies: (config.dependencies ?? []).map(dependencyOf),
    yours: (config.yours ?? []).map(claimOf),
    ...runsOnOf(config),
    ...(refusesDebugFiles(config) ? { refusesDebugFiles: true } : {}),
    ...listsOf(config),
    baseline:
      baseline === null ? null : limitedEntries(baseline, config.baselineLimits ?? [], earliest),
    gate: {
      ...gateOf(config.gate ?? {}),
      ...(accept === undefined ? {} : { accept }),
    },
    files,
    today,
  };
}

function runsOnOf({ 'runs-on': runsOn = {} }: Config): Pick<Policy, 'runsOn'> {
  return Object.keys(runsOn).length === 0 ? {} : { runsOn };
}

function listsOf({ allow = {}, deny = {} }: Config): Pick<Policy, 'lists'> {
  const [needed, exports, denied] = [allow.needed, allow.exports, deny.imports].map((list = []) =>
    list.map(listedOf),
  );
  if (needed === undefined || exports === undefined || denied === undefined) return {};
  if (needed.length + exports.length + denied.length === 0) return {};
  return { lists: { needed, exports, denied } };
}

function listedOf({ at, value }: Placed<ListEntry>): ListedNames {
  const { names, reason = '', ...place } = typeof value === 'string' ? { names: [value] } : value;
  return { names, where: selectorOf(place), reason, origin: lineText(at) };
}

function* configuredLevels({ rules, overrides }: Config): Generator<LevelChange> {
  yield* changesOf(rules ?? {}, {});
  for (const override of overrides ?? []) yield* changesOf(override.rules, selectorOf(override));
}

function changesOf(
  rules: Readonly<Record<string, RuleSetting>>,
  where: Selector,
): readonly LevelChange[] {
  return Object.entries(rules).map(([rule, setting]) => ({
    rule,
    where,
    by: 'configuration' as const,
    ...levelOf(setting),
  }));
}

function levelOf(setting: RuleSetting): { readonly level: Level; readonly because: string } {
  const { level, reason } =
    typeof setting === 'string' ? { level: setting, reason: undefined } : setting;
  return { level, because: reason ?? 'the configuration switches it off' };
}

function waiverOf({ at, value, limits = [] }: PlacedWaiver, today: string): Waiver {
  const { digest, reason, expires, owner, ticket, created, cause = [] } = value;
  const { 'build-id': buildId, 'approved-by': approvedBy } = value;
  const rules = value.rules ?? (value.rule === undefined ? [] : [value.rule]);
  const where = {
    ...selectorOf(value),
    ...(digest === undefined ? {} : { digest }),
    ...(buildId === undefined ? {} : { buildId }),
  };
  const refused = waiverRefusedBy(value, limits, today);
  return {
    ...{ rules, where, causes: cause, reason, expires: expires ?? null, origin: lineText(at) },
    ...(owner === undefined ? {} : { owner }),
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(created === undefined ? {} : { created }),
    ...(refused === null ? {} : { refused }),
  };
}

function dependencyOf({ at, value }: Placed<DependencyConfig>): DeclaredDependency {
  const { name, version, path, digest, reason, package: packages } = value;
  const where = {
    ...(packages === undefined ? {} : { package: packages }),
    ...(path === undefined ? {} : { path }),
    ...(digest === undefined ? {} : { digest }),
  };
  return { where, name, version: version ?? '', reason, origin: lineText(at) };
}

function claimOf({ at, value }: Placed<OwnConfig>): OwnClaim {
  const { reason = '', ...named } = typeof value === 'string' ? ofWord(value) : value;
  const what = Object.entries(named)
    .map(([kind, globs]) => `${kind} ${globs.join(', ')}`)
    .join(' and ');
  return { where: named, what, reason, origin: lineText(at) };
}

/** `pkg:npm/@acme/*`, `sha256:…`, `*@acme.example`, `/opt/acme/**`, `acmed`. */
function ofWord(word: string): Exclude<OwnConfig, string> {
  if (word.startsWith('pkg:')) return { purl: [word] };
  if (/^(?:sha256:)?[0-9a-f]{64}$/i.test(word)) return { digest: [word] };
  // A scope of npm begins with the sign that parts the address of a person.
  if (/^[^@/]+@[^@]/.test(word) || /\s/.test(word)) return { maintainer: [word] };
  return /^(?:@[^/]+\/)?[^/@]+$/.test(word) ? { package: [word] } : { path: [word] };
}

function selectorOf({ image, path, layer, whose, kind, package: packages }: Place): Selector {
  return {
    ...(image === undefined ? {} : { image }),
    ...(path === undefined ? {} : { path }),
    ...(packages === undefined ? {} : { package: packages }),
    ...(layer === undefined ? {} : { layer }),
    ...(whose === undefined ? {} : { whose }),
    ...(kind === undefined ? {} : { kind }),
  };
}

function gateOf(gate: GateConfig): GateConditions {
  const named = gate['fail-on'];
  return {
    ...defaultGate,
    ...(named === undefined ? {} : failOnOf(named)),
    of: gate.of ?? defaultGate.of,
    failOnUnknown: gate['fail-on-unknown'] ?? defaultGate.failOnUnknown,
    worseThan: gate['worse-than'] ?? defaultGate.worseThan,
    coverage: gate.coverage ?? defaultGate.coverage,
    coverageOf: gate['coverage-of'] ?? defaultGate.coverageOf,
    maximum: gate.maximum ?? defaultGate.maximum,
    required: gate.required ?? defaultGate.required,
    allowEmpty: gate['allow-empty'] ?? defaultGate.allowEmpty,
    ...(gate.platforms === 'all' ? { platforms: gate.platforms } : {}),
    ...(gate['strict-policy'] === undefined ? {} : { strictPolicy: gate['strict-policy'] }),
  };
}

/** The list is the whole truth: where it names rules only, no severity breaks the gate. */
function failOnOf(named: readonly string[]): Pick<GateConditions, 'failOn' | 'failOnRules'> {
  const isSeverity = (name: string) => severities.some((severity) => severity === name);
  return {
    failOn: severities.find((severity) => named.includes(severity)) ?? 'none',
    failOnRules: [...new Set(named.filter((name) => name !== 'none' && !isSeverity(name)))].sort(),
  };
}
