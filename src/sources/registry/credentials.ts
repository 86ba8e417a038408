import { readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { codeOf, reasonOf } from '../../base/system-error.ts';
import { field, type Json, textMap, textOr } from '../json/json.ts';
import type { RemoteOptions } from '../remote/remote-options.ts';
import { askHelper } from './credential-helper.ts';
import { type Credentials, parseSecret, secretText } from './parse-secret.ts';
import type { Reference } from './reference.ts';

/** What was found, and one sentence for each helper that was passed over. */
export interface Found {
  readonly credentials: Credentials | null;
  readonly notices: readonly string[];
}

/**
 * What the user keeps for a registry: Docker's config and that of podman and skopeo, in the order of both. The first
 * file that has something for it counts; null: nothing. A helper that does not work hides neither what the files
 * themselves hold nor that an image may be read without an account.
 */
export async function findCredentials(
  reference: Reference,
  { env }: RemoteOptions,
): Promise<Found> {
  const notices: string[] = [];
  for (const path of configFiles(env)) {
    const config = readConfig(path);
    if (config === null) continue;
    if (path.endsWith(legacyName)) {
      const credentials = fromAuths(config, reference);
      if (credentials !== null) return { credentials, notices };
      continue;
    }
    const credentials =
      (await fromHelper(config, reference, env, notices)) ??
      fromAuths(field(config, 'auths'), reference);
    if (credentials !== null) return { credentials, notices };
  }
  return { credentials: null, notices };
}

function configFiles(env: RemoteOptions['env']): readonly string[] {
  // An empty variable is one that is not set.
  const home = env['HOME'] || homedir();
  const docker = env['DOCKER_CONFIG'] || join(home, '.docker');
  const config = env['XDG_CONFIG_HOME'] || join(home, '.config');
  const runtime = env['XDG_RUNTIME_DIR'];
  const named = env['REGISTRY_AUTH_FILE'];
  return [
    ...(named ? [named] : []),
    join(docker, 'config.json'),
    // Where podman and skopeo log in if there is no such variable, as for root.
    join(
      runtime || `/run/containers/${userInfo().uid}`,
      runtime ? 'containers/auth.json' : 'auth.json',
    ),
    join(config, 'containers/auth.json'),
    join(home, legacyName),
  ];
}

/** Docker's before version 1.7: what is `auths` since then. */
const legacyName = '.dockercfg';

function readConfig(path: string): Json | null {
  try {
    const bytes = readFileSync(path);
    // An empty file has nothing, as for Docker; tools make one in advance.
    return bytes.toString('latin1').trim() === '' ? null : parseSecret(bytes, path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw new UsageError(
      `${path} cannot be read: ${codeOf(error) === '' ? 'it is not JSON' : reasonOf(error)}`,
    );
  }
}

async function fromHelper(
  config: Json,
  reference: Reference,
  env: RemoteOptions['env'],
  notices: string[],
): Promise<Credentials | null> {
  const helpers = textMap(config, 'credHelpers');
  const name =
    helpers.get(reference.registry) ??
    helpers.get(serverName(reference)) ??
    textOr(config, 'credsStore', '');
  const answer = name === '' ? null : await askHelper(name, serverName(reference), env);
  if (answer?.kind !== 'failure') return answer;
  if (!notices.includes(answer.because)) notices.push(answer.because);
  return null;
}

function fromAuths(auths: Json | undefined, reference: Reference): Credentials | null {
  if (auths === undefined) return null;
  for (const key of keysFor(reference, auths)) {
    const entry = field(auths, key);
    const found = entry === undefined ? null : decodeEntry(entry);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The most specific one first: containers-auth.json(5) knows keys of namespaces, Docker its own for the hub. Then those that have
 * become hosts in other hands: tools wrote addresses, with the path of the API or another one (containers/image,
 * normalizeAuthFileKey; docker/cli, ConvertToHostname).
 */
function keysFor(reference: Reference, auths: Json): readonly string[] {
  const { registry, repository } = reference;
  const parts = `${registry}/${repository}`.split('/');
  const names = parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
  const alike = namesIn(auths)
    .filter((key) => hostOf(key) === registry)
    .sort();
  return [...names, serverName(reference), ...alike];
}

function namesIn({ value }: Json): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.keys(value)
    : [];
}

/** Of an address, or of a name with the path of the API: a name with any other path is one of a namespace. */
function hostOf(key: string): string {
  const [, isAddress, host = '', path = ''] = /^(https?:\/\/)?([^/]*)(.*)$/s.exec(key) ?? [];
  if (isAddress === undefined && !/^\/?$|^\/v[12]\/?$/.test(path)) return '';
  return hubHosts.has(host) ? 'docker.io' : host;
}

const hubHosts: ReadonlySet<string> = new Set([
  ...['docker.io', 'index.docker.io', 'registry-1.docker.io'],
]);

function serverName({ registry }: Reference): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
}

function decodeEntry(entry: Json): Credentials | null {
  const token = secretText(entry, 'identitytoken');
  if (token !== '') return { kind: 'identity', token };
  const bearer = secretText(entry, 'registrytoken');
  if (/^[\x21-\x7e]+$/.test(bearer)) return { kind: 'bearer', token: bearer };
  const joined = Buffer.from(secretText(entry, 'auth'), 'base64').toString('utf8');
  const colon = joined.indexOf(':');
  const username = colon < 0 ? secretText(entry, 'username') : joined.slice(0, colon);
  const password =
    colon < 0 ? secretText(entry, 'password') : joined.slice(colon + 1).replace(/\0+$/, '');
  return username === '' ? null : { kind: 'password', username, password };
}
