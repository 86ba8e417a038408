import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { mistakesOf, UsageError } from '../../base/errors.ts';
import type { Config } from '../../policy/config/config.ts';
import {
  type ConfigNode,
  isPackageFile,
  type Position,
  positionFrom,
  positionText,
} from '../../policy/config/config-node.ts';
import { profileOf } from '../../policy/config/effective.ts';
import { mergeLayers } from '../../policy/config/layers.ts';
import { againstReports, type Selecting } from '../../policy/config/lint/against-remarks.ts';
import { membersOf } from '../../policy/config/lint/in-node.ts';
import { lintConfig } from '../../policy/config/lint/lint-config.ts';
import { type Remark, warning } from '../../policy/config/lint/remark.ts';
import { byPlace, ConfigMistakes, PlacedMistakes } from '../../policy/config/mistakes.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import { policyOf } from '../../policy/config/policy-of.ts';
import { refuseUnasked } from '../../policy/config/unasked.ts';
import type { Policy, Waiver } from '../../policy/policy.ts';
import type { PolicyFile, Report } from '../../report/report.ts';
import type { Surroundings } from '../command.ts';
import type { PolicyArguments } from '../options/policy-options.ts';
import type { CheckedFiles } from '../output/check-formats.ts';
import { loadReport } from '../output/report-of.ts';
import { type ConfigFile, configNameIn, readBytes } from './config-file.ts';
import { fullShape } from './full-shape.ts';
import { builtInRules, type KnownRules, rulesHere } from './known-rules.ts';
import { configsNamed } from './policy-sources.ts';
import { baselinePlace, readSettings } from './settings.ts';
import { repositoryAround, upwards } from './trusted-place.ts';

export interface CheckArguments {
  /** Empty: the files in force. */
  readonly files: readonly string[];
  /** Saved reports that selectors are held against. */
  readonly against: readonly string[];
}

/** Checks configurations without a scan. Throws UsageError for a report that cannot be read. */
export async function checkConfigs(
  { files, against }: CheckArguments,
  args: PolicyArguments,
  surroundings: Surroundings,
): Promise<CheckedFiles> {
  const { cwd } = surroundings;
  const reports: Report[] = [];
  for (const file of against) reports.push(await loadReport(file, cwd));
  const shape = await shapeOfAll(files, args, surroundings);
  const named = files.length > 0 ? files : filesInForce(args, surroundings);
  const checked = named.map((file) => {
    const remarks = checkFile(file, { shape, reports, surroundings });
    return { file, remarks, isSound: remarks.every(isHarmless) };
  });
  const remarks = checked.flatMap((each) => each.remarks);
  // What files say together: locks, what they extend, variables of the environment. Each as a run with --config reads it.
  const sound = checked.filter(({ isSound }) => isSound);
  if (files.length > 0) {
    for (const { file } of sound)
      remarks.push(...(await saidTogether({ ...args, config: [file] }, surroundings)).remarks);
    return { files, remarks: distinct(remarks) };
  }
  if (sound.length < checked.length) return { files: named, remarks };
  const said = await saidTogether(args, surroundings);
  const inForce = named.length > 0 ? named : said.files;
  remarks.push(...said.remarks);
  if (inForce.length === 0 && remarks.length === 0) remarks.push(mistake(here, nothingInForce));
  return { files: inForce, remarks: distinct(remarks) };
}

/**
 * With the rules that these files, or those in force, bring together. Where plug-ins do not load, what the files say together names the mistake,
 * and each file may name any rule with a prefix.
 */
async function shapeOfAll(
  files: readonly string[],
  args: PolicyArguments,
  surroundings: Surroundings,
): Promise<Shape<Config>> {
  try {
    const named = files.length === 0 ? args : { ...args, config: files };
    return fullShape(await rulesHere(named, surroundings));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fullShape(builtInRules, () => {});
  }
}

/** What hides nothing else. */
function isHarmless({ level, id }: Remark): boolean {
  return level === 'warning' || id === 'missing';
}

const here = { name: 'configuration' };
const nothingInForce =
  'there is none for this folder, so nothing is checked: name the files, as in hullcheck config --check organisation.yaml';

/** One remark stands for all of its kind at its place, but for errors. */
function distinct(remarks: readonly Remark[]): readonly Remark[] {
  return [...new Map(remarks.map((remark) => [keyOf(remark), remark])).values()];
}

function filesInForce(args: PolicyArguments, { cwd, env }: Surroundings): readonly string[] {
  const named = configsNamed(args, env);
  if (named.length > 0) return named;
  const start = resolve(cwd);
  const repository = repositoryAround(start);
  const found: string[] = [];
  for (const folder of upwards(start, repository)) {
    const name = configNameIn(folder);
    if (name !== null) found.unshift(relative(cwd, join(folder, name)));
    if (repository === null && name !== null) break;
  }
  return found;
}

interface Checking {
  readonly shape: Shape<Config>;
  readonly reports: readonly Report[];
  readonly surroundings: Surroundings;
}

function checkFile(file: string, checking: Checking): readonly Remark[] {
  const start = { file, line: 1, column: 1 };
  const bytes = orMistakes(() => readBytes(resolve(checking.surroundings.cwd, file)), start);
  // By the name that was given.
  if (Array.isArray(bytes)) return bytes.map((each) => ({ ...each, at: start }));
  return bytes === null
    ? [mistake(start, 'there is no such file')]
    : remarksIn(bytes, file, checking);
}

function remarksIn(
  bytes: Buffer,
  file: string,
  { shape, reports, surroundings: { cwd, today } }: Checking,
): readonly Remark[] {
  const start = { file, line: 1, column: 1 };
  const { remarks, node, value } = lintConfig(bytes, file, shape, today);
  if (node === null || value === null) {
    const isLost = isPackageFile(file) && remarks.every(({ level }) => level === 'warning');
    return isLost ? [mistake(start, 'it has no member named hullcheck')] : remarks;
  }
  const policy = orMistakes(() => selectingOf(value, today), start);
  const beyond = 'length' in policy ? [] : policy.beyond;
  const against =
    reports.length === 0 || 'length' in policy ? [] : againstReports(node, policy, reports);
  const baseline = value.baseline;
  const isMissing = baseline !== undefined && !existsSync(resolve(cwd, dirname(file), baseline));
  return byPlace([
    ...remarks,
    ...beyond,
    ...('length' in policy ? policy : against),
    ...(isMissing ? [missing(keyPlace(node, 'baseline') ?? start, baseline)] : []),
  ]);
}

interface Read extends Selecting {
  readonly beyond: readonly Remark[];
}

function selectingOf(written: Config, today: string): Read {
  const config = mergeLayers([{ config: written }]);
  const profile = profileOf(config.profile ?? 'default');
  const policy = policyOf(config, profile, { today, baseline: null });
  const overrides = (config.overrides ?? []).map(({ rules, ...where }) => where);
  return { ...policy, overrides, beyond: beyondLimits(config, policy.waivers) };
}

/** Waivers that do not count, since a configuration limits them. */
function beyondLimits({ waivers = [] }: Config, read: readonly Waiver[]): readonly Remark[] {
  return waivers.flatMap(({ at }, index) => {
    const refused = read[index]?.refused;
    return refused === undefined
      ? []
      : [warning(at, 'beyond-limit', `the waiver has no effect: ${refused}`)];
  });
}

/** A value, or what its reading refuses as errors. */
function orMistakes<T>(read: () => T, at: Position): T | Remark[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return remarksOf(error, at);
  }
}

/** Kinds of which several may be said of one place. */
const saidOften: readonly string[] = ['mistake', 'gives-way'];

function keyOf({ at, id, message }: Remark): string {
  return `${id} ${positionText(at)}${saidOften.includes(id) ? message : ''}`;
}

/** As a layer knows the place of a setting. */
function keyPlace(node: ConfigNode, name: string): Position | undefined {
  return membersOf(node).find(({ key }) => key === name)?.at;
}

function missing(at: Position, baseline: string): Remark {
  return { at, level: 'error', id: 'missing', message: `there is no baseline ${baseline}` };
}

interface Together {
  readonly files: readonly string[];
  readonly remarks: readonly Remark[];
}

async function saidTogether(args: PolicyArguments, surroundings: Surroundings): Promise<Together> {
  const remarks: Remark[] = [];
  let files: readonly string[] = [];
  // As a scan of an image of this repository: what that refuses to read is a mistake here too.
  const scanned = repositoryAround(resolve(surroundings.cwd)) === null ? [] : ['.'];
  try {
    // A baseline that is not there hides nothing else.
    const settings = await readSettings({ ...args, updateBaseline: true }, surroundings, scanned);
    const { config, layers, policy, baselineFile } = settings;
    files = (policy.files ?? []).flatMap(({ role, name }) =>
      role === 'configuration' ? [name] : [],
    );
    remarks.push(
      ...beyondLimits(config, policy.waivers),
      ...givenWay(policy),
      ...inExtended(policy.files, settings.rules, surroundings),
      ...inFetched(settings.fetched, settings.rules, surroundings),
    );
    if (baselineFile !== null && !existsSync(baselineFile))
      remarks.push(
        missing(positionFrom(baselinePlace(layers)), relative(surroundings.cwd, baselineFile)),
      );
    refuseUnasked(policy, layers);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    remarks.push(...remarksOf(error, here));
  }
  return { files, remarks };
}

/** Settings of an older policy that the job's makes stricter. */
function givenWay({ remarks = [] }: Pick<Policy, 'remarks'>): readonly Remark[] {
  return remarks
    .filter(({ kind }) => kind === 'setting-dropped')
    .map(({ message }) => {
      const [, place = here.name] = / of (.+?) has no effect: /s.exec(message) ?? [];
      return warning(positionFrom(place), 'gives-way', message);
    });
}

/** Warnings about files that others extend, where these lie here. A shared policy has entries for what is in no report of this place. */
function inExtended(
  files: readonly PolicyFile[],
  rules: KnownRules,
  surroundings: Surroundings,
): readonly Remark[] {
  const checking = { shape: fullShape(rules), reports: [], surroundings };
  return files
    .filter(({ how, name }) => how === 'extended' && existsSync(resolve(surroundings.cwd, name)))
    .flatMap(({ name }) => checkFile(name, checking))
    .filter(({ level }) => level === 'warning');
}

/** The same of what has an address. */
function inFetched(
  files: readonly ConfigFile[],
  rules: KnownRules,
  surroundings: Surroundings,
): readonly Remark[] {
  const checking = { shape: fullShape(rules), reports: [], surroundings };
  return files
    .flatMap(({ name, fetched }) =>
      fetched === undefined ? [] : remarksIn(fetched, name, checking),
    )
    .filter(({ level }) => level === 'warning');
}

function remarksOf(error: UsageError, at: Position): Remark[] {
  if (error instanceof ConfigMistakes)
    return error.found.map((each) => mistake(each.at, each.message));
  if (error instanceof PlacedMistakes)
    return error.mistakes.map((message) => mistake(error.at, message));
  return mistakesOf(error).map((message) => mistake(at, message));
}

function mistake(at: Position, message: string): Remark {
  return { at, level: 'error', id: 'mistake', message };
}
