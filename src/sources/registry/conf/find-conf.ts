import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../base/errors.ts';
import { codeOf, reasonOf } from '../../../base/system-error.ts';
import type { RemoteOptions } from '../../remote/remote-options.ts';
import {
  mergedConf,
  nothingConfigured,
  type RegistriesConf,
  readRegistriesConf,
} from './registries-conf.ts';

/**
 * What podman, buildah and skopeo would read: the file that the environment names, the user's or the system's; what lies
 * next to it in `registries.conf.d`; and the aliases that podman recorded. Throws UsageError for what they refuse.
 */
export async function findConf(env: RemoteOptions['env']): Promise<RegistriesConf> {
  let conf = nothingConfigured;
  for (const path of filesOf(env)) {
    const text = readText(path);
    // With nothing in it, the parser is not loaded.
    if (text.trim() === '') continue;
    const { parse, TomlError } = await import('smol-toml');
    try {
      conf = mergedConf(conf, readRegistriesConf(parse(text), path));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const [what] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
      throw new UsageError(`${path}:${error.line}: it is not TOML: ${what}`);
    }
  }
  return conf;
}

const system = '/etc/containers';

function filesOf(env: RemoteOptions['env']): readonly string[] {
  const home = env['HOME'] || homedir();
  const users = join(home, '.config/containers');
  // podman's first, then buildah's.
  const named = env['CONTAINERS_REGISTRIES_CONF'] || env['REGISTRIES_CONFIG_PATH'];
  const own = join(users, 'registries.conf');
  const hasOwn = !named && isThere(own);
  const main = named || (hasOwn ? own : join(system, 'registries.conf'));
  // The user's file replaces all of the system's.
  const folders = [...(hasOwn ? [] : [system]), users].map((each) =>
    join(each, 'registries.conf.d'),
  );
  const recorded =
    userInfo().uid === 0 ? '/var/cache' : env['XDG_CACHE_HOME'] || join(home, '.cache');
  return [
    ...(named || isThere(main) ? [main] : []),
    ...folders.flatMap(dropInsOf),
    ...[join(recorded, 'containers/short-name-aliases.conf')].filter(isThere),
  ];
}

function dropInsOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((each) => !each.isDirectory() && each.name.endsWith('.conf'))
      .map(({ name }) => join(folder, name))
      .sort();
  } catch (error) {
    if (isAbsence(error)) return [];
    throw new UsageError(`${folder} cannot be read: ${reasonOf(error)}`);
  }
}

function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

function isAbsence(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}
