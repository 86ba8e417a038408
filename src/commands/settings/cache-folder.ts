import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import type { Cache } from '../../cache/cache.ts';
import type { Surroundings } from '../command.ts';
import type { HelpGroup } from '../help-pages/help-groups.ts';

export interface CacheArguments {
  readonly noCache: boolean;
  readonly cacheDir: string | undefined;
}

export function withCacheDirectory<T>(parser: Argv<T>) {
  return parser.option('cache-dir', {
    group: 'Cache:' satisfies HelpGroup,
    string: true,
    requiresArg: true,
    describe: 'Cache folder (default: $XDG_CACHE_HOME/hullcheck or ~/.cache/hullcheck)',
  });
}

export function withCacheOptions<T>(parser: Argv<T>) {
  return withCacheDirectory(parser).option('no-cache', {
    group: 'Cache:' satisfies HelpGroup,
    boolean: true,
    default: false,
    describe: 'Do not read or write the cache',
  });
}

/** The cache that these options select; undefined when no cache is used. Throws UsageError. */
export async function cacheOf(
  { noCache, cacheDir }: CacheArguments,
  surroundings: Surroundings,
): Promise<Cache | undefined> {
  const folder = noCache ? null : cacheFolder(cacheDir, surroundings);
  if (folder === null) return undefined;
  const { cacheRefusal, openCache } = await import('../../cache/cache.ts');
  const refusal = cacheRefusal(folder);
  if (refusal === null) return openCache(folder);
  // In containers the home is often read-only.
  if (cacheDir === undefined && /\((?:EACCES|EROFS)\)$/.test(refusal)) return undefined;
  await surroundings.stderr.write(`hullcheck: ${escapeText(unused(folder, refusal))}\n`);
  return undefined;
}

/** One sentence. */
export function unused(folder: string, refusal: string): string {
  return `the cache in ${folder} is not used: ${refusal}`;
}

/**
 * Follows the XDG Base Directory Specification, which ignores relative paths. null: there is neither an option nor a
 * home, as in many containers.
 */
export function cacheFolder(
  cacheDir: string | undefined,
  { env, cwd }: Pick<Surroundings, 'env' | 'cwd'>,
): string | null {
  if (Array.isArray(cacheDir)) throw new UsageError('--cache-dir was given more than once');
  if (cacheDir !== undefined) return resolve(cwd, cacheDir);
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'hullcheck');
  const home = env['HOME'] ?? (env['USERPROFILE'] === undefined ? '' : homedir());
  return isAbsolute(home) ? join(home, '.cache', 'hullcheck') : null;
}
