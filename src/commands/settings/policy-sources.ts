import { relative, resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { Config } from '../../policy/config/config.ts';
import { positionText } from '../../policy/config/config-node.ts';
import { problemOfExtended, readExtendedName } from '../../policy/config/extended-name.ts';
import type { ConfigLayer } from '../../policy/config/layers.ts';
import type { Placed, Shape } from '../../policy/config/node-shapes.ts';
import { placeIn } from '../../policy/config/positions.ts';
import type { Note } from '../../report/policy-messages.ts';
import type { PolicyFile } from '../../report/report.ts';
import type { Surroundings } from '../command.ts';
import type { PolicyArguments } from '../options/policy-options.ts';
import { cacheFolder } from './cache-folder.ts';
import { findConfigChain, unlocked } from './config-chain.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { demandVariables, missingBase } from './demand-variables.ts';
import { createExtender } from './extended-files.ts';
import { type Ground, refusalOf } from './trusted-place.ts';

/** A file in force as a layer. */
export interface FileLayer extends ConfigLayer {
  readonly file: ConfigFile;
  readonly how: PolicyFile['how'];
  /** The author of an input could have put it there: what it names is checked as it was. */
  readonly isFound: boolean;
  /** Named by `--extends` or its variable, or extended by such a file: it lies below all others. */
  readonly isBase: boolean;
}

export interface PolicySources {
  /** Weakest first. */
  readonly layers: readonly FileLayer[];
  /** The nearest one, or the last that `--config` names; null: there is none. */
  readonly file: ConfigFile | null;
  /** Sentences for every report: which files may have been meant, and are not in force. */
  readonly remarks: readonly Note[];
}

export interface Search {
  readonly cwd: string;
  readonly env: Surroundings['env'];
  readonly shape: Shape<Config>;
  readonly images: readonly string[];
}

/**
 * All files in force: what `--extends` and its variable name, which nothing can remove; then those of the folders from the
 * root of the repository to this one, or those that `--config` names. Each lies above what it extends. Throws UsageError.
 */
export async function readSources(args: PolicyArguments, search: Search): Promise<PolicySources> {
  demandVariables(search.env);
  const named = configsNamed(args, search.env);
  const known = new Set<string>();
  const readers = {
    named: extenderOf(args, search, { known, isNamed: true }),
    found: extenderOf(args, search, { known, isNamed: false }),
  };
  const base = await readers.named.named(basesNamed(args, search.env));
  const layers = base.map((file) => ({ ...layerOf(file, 'named', search.cwd), isBase: true }));
  const chosen =
    named.length > 0
      ? await namedFiles(named, readers.named, search, layers)
      : await foundFiles(readers.found, search, layers);
  const { file } = chosen;
  const remarks = [...missingBase(search.env), ...chosen.remarks];
  if (isSet(args['requireConfig'], search.env['HULLCHECK_REQUIRE_CONFIG']))
    demandConfig([...layers, ...chosen.layers], remarks);
  return { layers: [...layers, ...chosen.layers], file, remarks };
}

type Extender = ReturnType<typeof createExtender>;

function extenderOf(
  args: PolicyArguments,
  search: Search,
  { known, isNamed }: { readonly known: Set<string>; readonly isNamed: boolean },
): Extender {
  const { cwd, env, images, shape } = search;
  const noCache = args['noCache'] === true;
  const given = args['cacheDir'];
  return createExtender({
    ...{ cwd, shape, known },
    cache: noCache
      ? null
      : cacheFolder(typeof given === 'string' ? given : undefined, { env, cwd }),
    acceptsLoopback: env['HULLCHECK_EXTENDS_LOOPBACK'] === '1',
    demandTrust: isNamed ? () => {} : (path) => demandTrust(path, 'extends', { cwd, images }),
  });
}

/** By `--config`, or else by its variable. */
export function configsNamed(args: PolicyArguments, env: Surroundings['env']): readonly string[] {
  const given = args['config'];
  const names = Array.isArray(given) ? given.map(String) : [given ?? env['HULLCHECK_CONFIG']];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

/** What the environment names comes first: options cannot take it away. */
function basesNamed(args: PolicyArguments, env: Surroundings['env']): readonly Placed<string>[] {
  const given = args['extends'];
  const words = (env['HULLCHECK_EXTENDS'] ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const options = Array.isArray(given) ? given.map(String) : [];
  return [
    ...words.map((value) => baseNamed(value, 'HULLCHECK_EXTENDS')),
    ...options.map((value) => baseNamed(value, '--extends')),
  ];
}

function baseNamed(value: string, name: string): Placed<string> {
  const problem = problemOfExtended(value);
  if (problem !== null) throw new UsageError(`${name}: ${value} ${problem}`);
  return { value, at: { name } };
}

/** The command line decides: what lies in folders is left out, and a file that locks settings is named as such. */
async function namedFiles(
  names: readonly string[],
  extender: Extender,
  { cwd, shape }: Search,
  below: readonly FileLayer[],
): Promise<PolicySources> {
  const layers: FileLayer[] = [];
  let last: ConfigFile | null = null;
  for (const name of names) {
    last = await readConfigFile(name, cwd, shape);
    const files = await extender.withExtended(last);
    if (files.length === 0 && layers.length > 0) refuseLower(name, layers);
    layers.push(...files.map((file) => layerOf(file, file === last ? 'named' : 'extended', cwd)));
  }
  const remarks = await ofFolders([...below, ...layers], { cwd, shape });
  return { layers, file: last, remarks: [...remarks, ...emptyFiles(layers)] };
}

/** Later files win, but what was read once lies where it was read: what came between would win silently. */
function refuseLower(name: string, above: readonly FileLayer[]): never {
  throw new UsageError(
    `--config ${name} is in force already, and ${above.at(-1)?.file.name} lies above it: name it once, and first`,
  );
}

/** Files here that lock settings, and that `--config` leaves out. */
async function ofFolders(
  layers: readonly FileLayer[],
  { cwd, shape }: Pick<Search, 'cwd' | 'shape'>,
): Promise<readonly Note[]> {
  const used = new Set(layers.map(({ file }) => file.path));
  try {
    const { files, remarks } = await findConfigChain(cwd, shape);
    const here = files.flatMap((file) => {
      const why = used.has(file.path) ? null : whatGetsLost(file, used);
      const { name } = file;
      return why === null
        ? []
        : [unlocked(name, `${name} ${why} and is not in force: --config names other files`)];
    });
    return [...here, ...lostOf(remarks, used, cwd)];
  } catch (error) {
    // It would be a mistake if it were in force.
    if (!(error instanceof UsageError)) throw error;
    const message = `what configures hullcheck in this folder cannot be read and is not in force: ${error.message}`;
    return [{ kind: 'locks-not-in-force', message }];
  }
}

/** Of what else is not in force, files that lock settings; one that is named as well is in force. */
function lostOf(remarks: readonly Note[], used: ReadonlySet<string>, cwd: string): readonly Note[] {
  return remarks.filter(
    ({ kind, origin = '' }) => kind === 'locks-not-in-force' && !used.has(resolve(cwd, origin)),
  );
}

/** What of a policy is lost where a file is not in force; null: its own settings alone. What it extends may lock, and is not read. */
function whatGetsLost({ folder, config }: ConfigFile, used: ReadonlySet<string>): string | null {
  if (config.locked !== undefined) return 'locks settings';
  const isLost = ({ value }: Placed<string>) => {
    const { by, name } = readExtendedName(value);
    if (by === 'package') return ![...used].some((path) => path.includes(`/node_modules/${name}/`));
    return !used.has(by === 'file' && folder !== null ? resolve(folder, name) : name);
  };
  const lost = (config.extends ?? []).filter(isLost).map(({ value }) => value);
  return lost.length === 0 ? null : `extends ${lost.join(', ')}`;
}

async function foundFiles(
  extender: Extender,
  { cwd, shape, images }: Search,
  below: readonly FileLayer[],
): Promise<PolicySources> {
  const { files, remarks } = await findConfigChain(cwd, shape);
  for (const { path } of files) demandTrust(path, 'config', { cwd, images });
  const used = new Set(below.map(({ file }) => file.path));
  const groups: (readonly FileLayer[])[] = [];
  for (const file of files) {
    if (used.has(file.path)) continue;
    const group = await extender.withExtended(file);
    groups.push(
      group.map((each) => ({
        ...layerOf(each, each === file ? 'found' : 'extended', cwd),
        isFound: true,
      })),
    );
  }
  const layers = fromRoot(groups).flat();
  const others = remarks.filter(({ kind }) => kind !== 'locks-not-in-force');
  const said = [...others, ...lostOf(remarks, used, cwd), ...emptyFiles(layers)];
  return { layers, file: files.at(-1) ?? null, remarks: said };
}

/** `root: true` leaves out what lies farther away, except what locks settings: nobody can unlock them from below. */
function fromRoot(groups: readonly (readonly FileLayer[])[]): readonly (readonly FileLayer[])[] {
  const root = groups.findLastIndex((group) => group.at(-1)?.config.root === true);
  const isLocking = (group: readonly FileLayer[]) =>
    group.some(({ config }) => config.locked !== undefined);
  return groups.filter((group, index) => index >= root || isLocking(group));
}

function emptyFiles(layers: readonly FileLayer[]): readonly Note[] {
  return layers
    .filter(({ file }) => file.isEmpty)
    .map(({ file: { name } }) => ({
      kind: 'file-empty',
      message: `${name} contains no settings`,
      origin: name,
    }));
}

/** What is required is a policy, and all of the locks that a reader of the repository sees. */
function demandConfig(layers: readonly FileLayer[], remarks: readonly Note[]): void {
  const [lost] = remarks.filter(({ kind }) => kind === 'locks-not-in-force');
  if (lost !== undefined) {
    const way = lost.origin === undefined ? '' : `: give --extends ${lost.origin} to use it`;
    throw new UsageError(`${lost.message}, and --require-config is set${way}`);
  }
  if (layers.some(({ file }) => !file.isEmpty)) return;
  const why =
    layers[0] === undefined ? 'there is no configuration file' : `${layers[0].file.name} is empty`;
  throw new UsageError(`${why}, and --require-config is set`);
}

function isSet(option: unknown, variable: string | undefined): boolean {
  return option === true || (option === undefined && /^(?:1|true)$/.test(variable ?? ''));
}

/** Paths in a file are relative to its folder. */
function layerOf(file: ConfigFile, how: PolicyFile['how'], cwd: string): FileLayer {
  const { name, config, folder, positions } = file;
  const { baseline, ...rest } = config;
  if (baseline !== undefined && folder === null)
    throw new UsageError(`${name}: a fetched configuration cannot name a baseline`);
  const moved =
    baseline === undefined || folder === null
      ? {}
      : { baseline: relative(cwd, resolve(folder, baseline)) };
  return {
    ...{ file, how, isFound: how === 'found', isBase: false },
    config: { ...rest, ...moved },
    originOf: () => name,
    placeOf(setting) {
      const at = placeIn(positions, setting);
      return at === null ? '' : positionText(at);
    },
  };
}

/** Throws UsageError: using the defaults instead would ignore a policy that the user can see. */
export function demandTrust(
  path: string,
  option: 'config' | 'extends' | 'baseline',
  ground: Ground,
): void {
  const refusal = refusalOf(path, ground);
  if (refusal === null) return;
  const name = relative(ground.cwd, path) || path;
  throw new UsageError(
    `${name} ${refusal}, and the author of an input must not decide how it is judged. Give --${option} ${name} to use it, or run hullcheck in another folder`,
  );
}
