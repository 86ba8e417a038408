import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { mistakesOf, UsageError, UsageErrors } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { Config } from '../../policy/config/config.ts';
import { positionFrom } from '../../policy/config/config-node.ts';
import { defaultLayer, effectiveOf, profileLayer } from '../../policy/config/effective.ts';
import { type GivenWay, giveWay, type Standing } from '../../policy/config/give-way.ts';
import { enforceLocksOnImages } from '../../policy/config/image-locks.ts';
import type { ConfigLayer } from '../../policy/config/layers.ts';
import { type Lock, locksOf } from '../../policy/config/locks.ts';
import { PlacedMistakes } from '../../policy/config/mistakes.ts';
import { policyOf } from '../../policy/config/policy-of.ts';
import { settingsInForce } from '../../policy/config/settings-in-force.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Profile } from '../../policy/profile.ts';
import type { PolicyFile } from '../../report/report.ts';
import type { Surroundings } from '../command.ts';
import { chosenRules } from '../options/chosen-rules.ts';
import { runDate } from '../options/date-option.ts';
import { optionLayers, type PolicyArguments } from '../options/policy-options.ts';
import type { ConfigFile } from './config-file.ts';
import { type KnownRules, readWithRules } from './known-rules.ts';
import { enforceLocksOnDate } from './locked-date.ts';
import { demandTrust, type FileLayer } from './policy-sources.ts';

export interface Settings {
  readonly config: Config;
  /** Weakest first. */
  readonly layers: readonly ConfigLayer[];
  /** Those in force that an address gave. */
  readonly fetched: readonly ConfigFile[];
  readonly profile: Profile;
  /** The nearest one. */
  readonly file: ConfigFile | null;
  /** For options alongside the settings, which must not loosen what is locked either. */
  readonly locks: readonly Lock[];
  /** Absolute path. */
  readonly baselineFile: string | null;
  readonly policy: Policy;
  /** Those that the run may ask: of hullcheck, and of plug-ins. */
  readonly rules: KnownRules;
}

/** Of the configuration file; null: there is none. */
export function folderOf({ file }: Settings): string | null {
  return file === null ? null : dirname(file.path);
}

/** `images` are the inputs: a configuration above or inside one of them is refused. Throws UsageError. */
export async function readSettings(
  args: PolicyArguments & { readonly updateBaseline?: boolean | undefined },
  surroundings: Surroundings,
  images: readonly string[] = [],
): Promise<Settings> {
  const { cwd, env } = surroundings;
  const date = runDate(args['date'], surroundings);
  const { today } = date;
  const { sources, rules, shape } = await readWithRules(args, { cwd, env, images }, (first) =>
    optionLayers(args, env, first),
  );
  const given = optionLayers(args, env, shape).map((layer) => withBaselineHere(layer, cwd));
  const { layers: files, dropped } = withoutGivenWay(sources.layers);
  const over = [...files, ...given];
  const { config, layers, profile, locks } = inForce(over);
  const baselineFile = config.baseline === undefined ? null : resolve(cwd, config.baseline);
  const isFound = sources.layers.some(
    (layer) => layer.isFound && layer.config.baseline === config.baseline,
  );
  const isGiven = given.some((layer) => layer.config.baseline !== undefined);
  if (baselineFile !== null && isFound && !isGiven && existsSync(baselineFile))
    demandTrust(baselineFile, 'baseline', { cwd, images });
  const baseline =
    baselineFile === null
      ? null
      : await placed(
          baselinePlace(over),
          loadBaseline(baselineFile, cwd, rules.ids, args.updateBaseline),
        );
  const readFrom: readonly PolicyFile[] = [
    ...sources.layers.map(({ how, file: { name, sha256 } }) => ({
      ...{ role: 'configuration' as const, name, sha256, how },
    })),
    ...rules.plugins.map(({ name, sha256 }) => ({
      ...{ role: 'plugin' as const, name, sha256, how: 'named' as const },
    })),
    ...(baseline === null
      ? []
      : [
          {
            role: 'baseline' as const,
            name: baseline.name,
            sha256: baseline.sha256,
            how: isFound && !isGiven ? ('found' as const) : ('named' as const),
          },
        ]),
  ];
  const policy = {
    ...policyOf(config, profile, {
      ...{ today, clock: surroundings.today, files: readFrom },
      baseline: baseline?.entries ?? null,
    }),
    remarks: [
      ...sources.remarks,
      ...dropped.map((message) => ({ kind: 'setting-dropped' as const, message })),
    ],
    settings: settingsInForce(layers),
    ...(config.images?.length ? { images: over.map((layer) => layer.config) } : {}),
    ...askedOf(args, rules.ids),
    ...(date.stated === null ? {} : { date: date.stated }),
  };
  const { file } = sources;
  enforceLocksOnDate(locks, date, surroundings.today);
  const fetched = sources.layers.map((layer) => layer.file).filter((each) => each.fetched);
  return { config, layers, fetched, profile, file, locks, baselineFile, policy, rules };
}

/** Without settings that have no effect, since the job names a stricter policy. */
export function withoutGivenWay(layers: readonly FileLayer[]): GivenWay<FileLayer> {
  return giveWay(layers, standingOf);
}

/**
 * A policy with locks that a file extends gives way to the one that the job names, with all that it extends itself. The settings of a
 * repository do not.
 */
function standingOf({ isBase, how, config, file }: FileLayer): Standing {
  if (isBase) return 'upper';
  const isPolicy = config.locked !== undefined || file.isPart === true;
  return how === 'extended' && isPolicy ? 'yields' : 'stays';
}

/** What layers mean together, weakest first. Throws UsageError for each that loosens what one below it locks. */
export function inForce(
  over: readonly ConfigLayer[],
): Pick<Settings, 'config' | 'layers' | 'profile' | 'locks'> {
  enforceLocksOnImages(over);
  const { config, profile } = effectiveOf(over);
  const layers = [defaultLayer, profileLayer(profile), ...over];
  return { config, layers, profile, locks: locksOf(over) };
}

/** Where the baseline in force is named. */
export function baselinePlace(layers: readonly ConfigLayer[]): string {
  const layer = layers.findLast(({ config }) => config.baseline !== undefined);
  return layer?.placeOf('baseline') || 'configuration';
}

async function placed<T>(place: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new PlacedMistakes(positionFrom(place), mistakesOf(error));
  }
}

/** One path for one file, however it is written. */
function withBaselineHere(layer: ConfigLayer, cwd: string): ConfigLayer {
  const { baseline, ...rest } = layer.config;
  if (baseline === undefined) return layer;
  return { ...layer, config: { ...rest, baseline: relative(cwd, resolve(cwd, baseline)) } };
}

/** Rules that the run is narrowed to. */
function askedOf({ rule }: PolicyArguments, ids: readonly string[]): Pick<Policy, 'asked'> {
  return Array.isArray(rule) ? { asked: chosenRules(rule.map(String), ids) } : {};
}

interface LoadedBaseline extends Pick<PolicyFile, 'name' | 'sha256'> {
  readonly entries: NonNullable<Policy['baseline']>;
}

async function loadBaseline(
  path: string,
  cwd: string,
  ids: readonly string[],
  mayBeNew = false,
): Promise<LoadedBaseline | null> {
  const name = relative(cwd, path) || path;
  if (mayBeNew && !existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const how = existsSync(path)
      ? ''
      : `; --update-baseline creates it (unless gate or baseline is locked), or hullcheck baseline REPORT --to ${name} from a report of a scan without this setting`;
    throw new UsageError(`cannot read the baseline ${name}: ${reasonOf(error)}${how}`);
  }
  const { readBaseline } = await import('../../policy/baseline/baseline-file.ts');
  try {
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { name, sha256, entries: readBaseline(text, ids) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageErrors(mistakesOf(error).map((mistake) => `${name}: ${mistake}`));
  }
}
