import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { Config } from '../../policy/config/config.ts';
import { configLimits, grouped, limitsText } from '../../policy/config/config-limits.ts';
import { isPackageFile, type Position } from '../../policy/config/config-node.ts';
import { refuse } from '../../policy/config/mistakes.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import { repositoryAround, upwards } from './trusted-place.ts';

/** At most one of them may configure hullcheck in one folder. */
const names = ['hullcheck.yaml', 'hullcheck.json', 'package.json'] as const;

/** Misspelled names are errors: a file that is ignored silently is a policy that is not applied. */
const misspelled = [
  ...['hullcheck.yml', '.hullcheck.yaml', '.hullcheck.yml', '.hullcheck.json'],
  ...['hullcheck.toml', '.hullcheck.toml'],
];

export interface ConfigFile {
  /** Absolute, or the address that it was fetched from. */
  readonly path: string;
  /** What its paths are relative to; null: it has an address. */
  readonly folder: string | null;
  /** As messages show it: relative to the working directory. */
  readonly name: string;
  /** Of its bytes. */
  readonly sha256: string;
  readonly config: Config;
  /** Of its settings. */
  readonly positions: ReadonlyMap<string, Position>;
  /** It has nothing but comments. */
  readonly isEmpty: boolean;
  /** A policy with locks extends it, as its part. */
  readonly isPart?: boolean;
  /** Of an address: no file here has them. */
  readonly fetched?: Buffer;
}

/**
 * The configuration in the working directory or the nearest folder above it, up to the root of the repository. Null when
 * there is none. Throws UsageError for one that is not valid.
 */
export async function findConfigFile(
  cwd: string,
  shape: Shape<Config>,
): Promise<ConfigFile | null> {
  const start = resolve(cwd);
  for (const folder of upwards(start, repositoryAround(start))) {
    const found = await configFileIn(folder, cwd, shape);
    if (found !== null) return found;
  }
  return null;
}

/** Null where there is none. Throws UsageError for one that is not valid, for two, and for one whose name is not read. */
export async function configFileIn(
  folder: string,
  cwd: string,
  shape: Shape<Config>,
): Promise<ConfigFile | null> {
  let first: ConfigFile | null = null;
  for (const name of names) {
    const found = await readIfPresent(join(folder, name), cwd, shape);
    if (found !== null && first !== null)
      throw new UsageError(`both ${first.name} and ${found.name} configure hullcheck: keep one`);
    first ??= found;
  }
  const odd = misspelled.find((name) => exists(join(folder, name)));
  if (odd !== undefined) {
    const remedy = odd.endsWith('.toml') ? 'write the settings to' : 'rename it to';
    throw new UsageError(
      `${relative(cwd, join(folder, odd))} is not read: ${remedy} ${names.slice(0, 2).join(' or ')}`,
    );
  }
  return first;
}

/** The name of a file in this folder that would configure hullcheck, whatever it contains; null: there is none. */
export function configNameIn(folder: string): string | null {
  return (
    [...names.slice(0, 2), ...misspelled].find((name) => exists(join(folder, name))) ??
    (configures(textIn(join(folder, 'package.json'))) ? 'package.json' : null)
  );
}

/** The file that `--config` names. Throws UsageError. */
export async function readConfigFile(
  file: string,
  cwd: string,
  shape: Shape<Config>,
): Promise<ConfigFile> {
  const path = resolve(cwd, file);
  const found = await readIfPresent(path, cwd, shape);
  if (found === null)
    throw new UsageError(
      exists(path) ? `${file} contains no configuration` : `there is no configuration file ${file}`,
    );
  return found;
}

async function readIfPresent(
  path: string,
  cwd: string,
  shape: Shape<Config>,
): Promise<ConfigFile | null> {
  const bytes = readBytes(path);
  if (bytes === null) return null;
  const name = relative(cwd, path) || path;
  if (isPackageFile(path) && !configures(bytes.toString())) return null;
  return readText(bytes, { path, name, folder: dirname(path) }, shape);
}

/** Throws UsageError for what is not a valid configuration. */
export async function readText(
  bytes: Buffer,
  place: Pick<ConfigFile, 'path' | 'name' | 'folder'>,
  shape: Shape<Config>,
): Promise<ConfigFile> {
  // The parser is large, and most runs have nothing for it to parse.
  const { readDocument } = await import('../../policy/config/document.ts');
  const { positionsOf } = await import('../../policy/config/positions.ts');
  const document = readDocument(bytes, place.name, shape);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (document === null)
    return { ...place, sha256, config: {}, positions: new Map(), isEmpty: true };
  const { node, value } = document;
  return { ...place, sha256, config: value, positions: positionsOf(node), isEmpty: false };
}

/**
 * Most package.json files have no section for hullcheck, and npm reports one that is not JSON. One that is not JSON and may
 * have such a section is read as a configuration, which is a mistake with its place.
 */
function configures(packageText: string): boolean {
  // A byte order mark is none of JSON's.
  const text = packageText.replace(/^\ufeff/, '');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, 'hullcheck');
  } catch {
    return /["']hullcheck["']\s*:/.test(text);
  }
}

function textIn(path: string): string {
  try {
    return readBytes(path)?.toString() ?? '';
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return '';
  }
}

/** Null where there is no such file. Throws UsageError. */
export function readBytes(path: string): Buffer | null {
  const stat = statOf(path);
  if (stat === undefined) return null;
  if (!stat.isFile()) throw new UsageError(`${path} is not a file`);
  if (stat.size > configLimits.bytes)
    refuse(
      { file: path, line: 1, column: 1 },
      `the file has ${grouped(stat.size)} bytes; at most ${limitsText} are read`,
    );
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

/** A dangling link is an error: somebody meant to have a policy here. */
function statOf(path: string): Stats | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined && lstatSync(path, { throwIfNoEntry: false }) !== undefined)
      throw new UsageError(`${path} is a dangling link`);
    return stat;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
