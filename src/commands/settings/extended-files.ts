import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { Config } from '../../policy/config/config.ts';
import type { Position } from '../../policy/config/config-node.ts';
import { readExtendedName } from '../../policy/config/extended-name.ts';
import { refuse } from '../../policy/config/mistakes.ts';
import type { Placed, Shape } from '../../policy/config/node-shapes.ts';
import { type ConfigFile, readConfigFile, readText } from './config-file.ts';
import type { Fetching } from './fetch-policy.ts';
import { realPath } from './trusted-place.ts';

export interface Extending extends Fetching {
  readonly cwd: string;
  readonly shape: Shape<Config>;
  /** What was read in this run: it is in force already. */
  readonly known: Set<string>;
  /** Throws UsageError for a file that others may have put there. */
  demandTrust(path: string): void;
}

/** Configurations in a row of which each extends the next. */
const deepest = 8;
/** Configurations that one run reads so. */
const most = 64;

/** Reads what configurations extend, each once in a run: what two of them extend lies below both. */
export function createExtender(extending: Extending) {
  const { known } = extending;

  /** A file and all that it extends, weakest first. What was read before is left out. */
  async function withExtended(
    file: ConfigFile,
    above: readonly ConfigFile[] = [],
  ): Promise<readonly ConfigFile[]> {
    if (known.has(identityOf(file))) return [];
    const chain = [...above, file];
    const entries = file.config.extends ?? [];
    const below = await eachOf(entries, file.folder, chain);
    known.add(identityOf(file));
    if (known.size > most) throw new UsageError(`more than ${most} configurations extend others`);
    return [...below, file];
  }

  /** What a list of names leads to. `chain` are the files that lead to it. */
  async function eachOf(
    entries: readonly Placed<string>[],
    folder: string | null,
    chain: readonly ConfigFile[],
  ): Promise<readonly ConfigFile[]> {
    const files: ConfigFile[] = [];
    // The first extends a policy, and is not a part of one.
    const isPart = chain.slice(1).some(({ config }) => config.locked !== undefined);
    for (const { at, value } of entries) {
      const file = await readExtended(value, at, folder, extending);
      demandEnd(file, at, chain);
      files.push(...(await withExtended({ ...file, isPart }, chain)));
    }
    return files;
  }

  return {
    withExtended,
    named: (entries: readonly Placed<string>[]) => eachOf(entries, extending.cwd, []),
  };
}

function demandEnd(file: ConfigFile, at: Position, chain: readonly ConfigFile[]): void {
  const start = chain.findIndex((each) => identityOf(each) === identityOf(file));
  if (start >= 0) {
    const names = [...chain.slice(start), file].map(({ name }) => name);
    refuse(at, `${names.join(' extends ')}, which is a circle`);
  }
  if (chain.length >= deepest) refuse(at, `more than ${deepest} configurations extend each other`);
}

/** Two names may lead to one file. */
function identityOf({ path, folder }: ConfigFile): string {
  return folder === null ? path : (realPath(path) ?? path);
}

async function readExtended(
  text: string,
  at: Position,
  folder: string | null,
  extending: Extending,
): Promise<ConfigFile> {
  const { by, name, sha256 } = readExtendedName(text);
  if (by === 'address') return placed(at, () => fetchedFile(name, sha256, extending));
  if (folder === null)
    return refuse(at, `${name} is not an address: a fetched configuration can extend no files`);
  const path = by === 'package' ? packageFile(name, folder, at) : resolve(folder, name);
  if (sha256 === null) {
    demandFile(path, name, at);
    if (!extending.known.has(realPath(path) ?? path)) extending.demandTrust(path);
  }
  const file = await placed(at, () => readConfigFile(path, extending.cwd, extending.shape));
  if (sha256 !== null && file.sha256 !== sha256)
    refuse(at, `${file.name} has the sha256 ${file.sha256}, expected ${sha256}`);
  if (file.isEmpty) refuse(at, `${file.name} contains no settings`);
  return file;
}

async function fetchedFile(
  address: string,
  sha256: string,
  { shape, ...fetching }: Extending,
): Promise<ConfigFile> {
  const { fetchPolicy } = await import('./fetch-policy.ts');
  const bytes = await fetchPolicy(address, sha256, fetching);
  const file = await readText(bytes, { path: address, name: address, folder: null }, shape);
  if (file.isEmpty) throw new UsageError(`${address} contains no configuration`);
  return { ...file, fetched: bytes };
}

/** Mistakes in a file have their own place; all others are those of the entry that names it. */
async function placed(at: Position, read: () => Promise<ConfigFile>): Promise<ConfigFile> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UsageError) || /:\d+:\d+: /.test(error.message)) throw error;
    return refuse(at, error.message);
  }
}

/** As Node finds packages: in the nearest folder above that has it. */
function packageFile(name: string, start: string, at: Position): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = ['hullcheck.yaml', 'hullcheck.json']
      .map((file) => join(folder, 'node_modules', name, file))
      .find(isThere);
    if (found !== undefined) return found;
    if (folder === dirname(folder))
      return refuse(at, `no node_modules here or above has ${name} with a hullcheck.yaml`);
  }
}

function demandFile(path: string, name: string, at: Position): void {
  if (!isThere(path)) refuse(at, `there is no file ${name} to extend`);
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
