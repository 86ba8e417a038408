import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mistakesOf, UsageError } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import { loadPlugin, type Plugin } from '../../plugins/load-plugin.ts';
import { type Position, positionText } from '../../policy/config/config-node.ts';
import { ConfigMistakes, type Mistake, refuse } from '../../policy/config/mistakes.ts';
import { type PluginName, readPluginName } from '../../policy/config/plugin-name.ts';
import type { FileLayer } from './policy-sources.ts';
import { type Ground, refusalOf } from './trusted-place.ts';

/** Plug-ins of one run: each has a thread. */
const most = 16;
/** Bytes of one. */
const largest = 1024 ** 2;

/**
 * The plug-ins that configurations name, weakest first, each once. A plug-in is code: where a file locks settings, those above it add none that it
 * does not accept. Nothing of a plug-in runs before that is settled for all of them. Throws UsageError.
 */
export async function loadPlugins(
  layers: readonly FileLayer[],
  ground: Ground,
): Promise<readonly Plugin[]> {
  const found = new Map<string, Found>();
  for (const [index, layer] of layers.entries())
    for (const { at, value } of layer.config.plugins ?? []) {
      const file = findPlugin(value, at, layer, ground);
      demandAccepted(file, at, layers.slice(0, index));
      demandPinned(file, at, layer);
      if (!found.has(file.path)) found.set(file.path, file);
      if (found.size > most) refuse(at, `more than ${most} plug-ins are named`);
    }
  const all = [...found.values()];
  const loaded = await Promise.allSettled(all.map(loadOne));
  const plugins = loaded.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const mistakes = [
    ...loaded.flatMap((each, at) => mistakesIn(each, all[at])),
    ...sharedIds(loaded, all),
  ];
  if (mistakes.length === 0) return plugins;
  for (const plugin of plugins) plugin.close();
  throw new ConfigMistakes(mistakes);
}

interface Found {
  /** Real path. */
  readonly path: string;
  readonly name: string;
  readonly at: Position;
  readonly bytes: Buffer;
  readonly sha256: string;
  /** Its entry has the digest. */
  readonly isPinned: boolean;
}

function loadOne({ path, name, bytes, sha256 }: Found): Promise<Plugin> {
  const url = pathToFileURL(path).href;
  return loadPlugin({ name, url, sha256, text: bytes.toString('utf8') });
}

type Settled = PromiseSettledResult<Plugin>;

function mistakesIn(loaded: Settled, file: Found | undefined): readonly Mistake[] {
  if (loaded.status === 'fulfilled' || file === undefined) return [];
  const error: unknown = loaded.reason;
  if (!(error instanceof UsageError)) throw error;
  return mistakesOf(error).map((message) => ({ at: file.at, message }));
}

/** A name stands for one rule: levels and waivers must not be of two. */
function sharedIds(loaded: readonly Settled[], files: readonly Found[]): readonly Mistake[] {
  const from = new Map<string, string>();
  return loaded.flatMap((each, index) => {
    const at = files[index]?.at;
    if (each.status === 'rejected' || at === undefined) return [];
    const { name, rules } = each.value;
    return rules.flatMap(({ id }) => {
      const other = from.get(id);
      if (other === undefined) from.set(id, name);
      return other === undefined
        ? []
        : [{ at, message: `the plug-ins ${other} and ${name} both have a rule ${id}: keep one` }];
    });
  });
}

function findPlugin(text: string, at: Position, { file }: FileLayer, ground: Ground): Found {
  const named = readPluginName(text);
  if ('problem' in named) return refuse(at, `${text} ${named.problem}`);
  if (file.folder === null)
    return refuse(at, 'a fetched configuration can name no plug-ins: they are files');
  const given =
    named.by === 'file' ? resolve(file.folder, named.name) : packageEntry(named, file.folder, at);
  const bytes = bytesOf(given, named, at);
  const refusal = refusalOf(given, ground);
  if (refusal !== null)
    refuse(
      at,
      `the plug-in ${named.name} ${refusal}, and the author of an input must not decide how it is judged`,
    );
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (named.sha256 !== null && named.sha256 !== sha256)
    refuse(at, `${named.name} has the sha256 ${sha256}, expected ${named.sha256}`);
  return {
    path: realpathSync(given),
    name: relative(ground.cwd, given) || given,
    at,
    bytes,
    sha256,
    isPinned: named.sha256 !== null,
  };
}

function bytesOf(path: string, { name }: Pick<PluginName, 'name'>, at: Position): Buffer {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return refuse(at, `there is no file ${name} for a plug-in`);
    if (!stat.isFile()) return refuse(at, `${name} is not a file`);
    if (stat.size > largest)
      return refuse(at, `the plug-in ${name} has ${stat.size} bytes, expected at most ${largest}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return refuse(at, `cannot read the plug-in ${name}: ${reasonOf(error)}`);
  }
}

/**
 * What a lock keeps must not change with another file: a shared policy is often held by its own digest, which says nothing of the files that it
 * names, and a repository fills its own node_modules.
 */
function demandPinned(
  { name, sha256, isPinned }: Found,
  at: Position,
  { config: { locked = [] }, file: { isPart = false } }: FileLayer,
): void {
  if (isPinned || (locked.length === 0 && !isPart)) return;
  refuse(
    at,
    `the plug-in ${name} needs its digest in a file that locks settings: write @sha256:${sha256} after it`,
  );
}

/** Each configuration below that locks settings has to accept it by its bytes. */
function demandAccepted({ name, sha256 }: Found, at: Position, below: readonly FileLayer[]): void {
  for (const { config } of below) {
    const [lock] = config.locked ?? [];
    if (lock === undefined) continue;
    const accepted = config['accept-plugins'] ?? [];
    if (
      accepted === 'all' ||
      accepted.some((each) => each.toLowerCase().replace('sha256:', '') === sha256)
    )
      continue;
    refuse(
      at,
      `the plug-in ${name} is refused: settings are locked by ${positionText(lock.at)}, and a plug-in is code that can loosen them; accept-plugins: [sha256:${sha256}] next to the lock accepts it`,
    );
  }
}

/** The module that a package is by its package.json, in the nearest node_modules that has it. */
function packageEntry({ name }: PluginName, start: string, at: Position): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    const about = packageIn(place);
    if (about !== null) {
      const entry = resolve(place, entryOf(about));
      if (relative(place, entry).startsWith('..'))
        refuse(at, `the module of ${name} lies outside of it`);
      return entry;
    }
    if (folder === dirname(folder))
      return refuse(at, `no node_modules here or above has a package ${name}`);
  }
}

function packageIn(folder: string): Record<string, unknown> | null {
  try {
    const about: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return isRecord(about) ? about : null;
  } catch {
    return null;
  }
}

function entryOf({ exports, main }: Record<string, unknown>): string {
  const top = isRecord(exports) && '.' in exports ? exports['.'] : exports;
  const chosen = isRecord(top) ? (top['import'] ?? top['default']) : top;
  if (typeof chosen === 'string') return chosen;
  return typeof main === 'string' ? main : 'index.js';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A module that the user names, by its path. Throws UsageError. */
export function loadNamedPlugin(given: string, cwd: string): Promise<Plugin> {
  const at = { name: given };
  const path = resolve(cwd, given);
  const bytes = bytesOf(path, { name: given }, at);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return loadOne({ path: realpathSync(path), name: given, at, bytes, sha256, isPinned: false });
}
