import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { field, type Json, textMap, textOr } from '../json.ts';
import type { RemoteOptions } from '../remote-options.ts';
import { codeOf, reasonOf } from '../system-error.ts';
import { parseSecret } from './parse-secret.ts';
import type { Reference } from './reference.ts';

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth refresh token. */
  | { readonly kind: 'identity'; readonly token: string }
  /** Shown to the registry as it is. */
  | { readonly kind: 'bearer'; readonly token: string };

/**
 * What the user keeps for a registry: Docker's config and that of podman and skopeo, in the order of both. The first
 * file that has something for it counts; null: nothing. Credential helpers that these files name are the only programs
 * that hullcheck ever starts.
 */
export async function findCredentials(
  reference: Reference,
  { env }: RemoteOptions,
): Promise<Credentials | null> {
  for (const path of configFiles(env)) {
    const config = readConfig(path);
    const found = config === null ? null : await fromConfig(config, reference, env);
    if (found !== null) return found;
  }
  return null;
}

function configFiles(env: RemoteOptions['env']): readonly string[] {
  const home = env['HOME'] ?? homedir();
  const docker = env['DOCKER_CONFIG'] ?? join(home, '.docker');
  const config = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const runtime = env['XDG_RUNTIME_DIR'];
  const named = env['REGISTRY_AUTH_FILE'];
  return [
    ...(named ? [named] : []),
    join(docker, 'config.json'),
    ...(runtime ? [join(runtime, 'containers/auth.json')] : []),
    join(config, 'containers/auth.json'),
  ];
}

function readConfig(path: string): Json | null {
  try {
    return parseSecret(readFileSync(path), path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw new UsageError(
      `${path} cannot be read: ${codeOf(error) === '' ? 'it is not JSON' : reasonOf(error)}`,
    );
  }
}

async function fromConfig(
  config: Json,
  reference: Reference,
  env: RemoteOptions['env'],
): Promise<Credentials | null> {
  const helper =
    textMap(config, 'credHelpers').get(reference.registry) ?? textOr(config, 'credsStore', '');
  if (helper !== '') return fromHelper(helper, serverName(reference), env);
  const auths = field(config, 'auths');
  if (auths === undefined) return null;
  for (const key of keysOf(reference)) {
    const entry = field(auths, key);
    const found = entry === undefined ? null : decodeEntry(entry);
    if (found !== null) return found;
  }
  return null;
}

/** The most specific one first: containers-auth.json(5) knows keys of namespaces, Docker its own for the hub. */
function keysOf(reference: Reference): readonly string[] {
  const { registry, repository } = reference;
  const parts = `${registry}/${repository}`.split('/');
  const names = parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
  return [
    ...names,
    serverName(reference),
    `https://${registry}`,
    `https://${registry}/v1/`,
    `https://${registry}/v2/`,
  ];
}

function serverName({ registry }: Reference): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
}

function decodeEntry(entry: Json): Credentials | null {
  const token = textOr(entry, 'identitytoken', '');
  if (token !== '') return { kind: 'identity', token };
  const bearer = textOr(entry, 'registrytoken', '');
  if (/^[\x21-\x7e]+$/.test(bearer)) return { kind: 'bearer', token: bearer };
  const joined = Buffer.from(textOr(entry, 'auth', ''), 'base64').toString('utf8');
  const colon = joined.indexOf(':');
  const username = colon < 0 ? textOr(entry, 'username', '') : joined.slice(0, colon);
  const password =
    colon < 0 ? textOr(entry, 'password', '') : joined.slice(colon + 1).replace(/\0+$/, '');
  return username === '' ? null : { kind: 'password', username, password };
}

const helperLimit = 30_000;

/** Docker's protocol: the server on standard input, JSON on standard output; it fails when it has nothing. */
async function fromHelper(
  name: string,
  server: string,
  env: RemoteOptions['env'],
): Promise<Credentials | null> {
  if (!/^[\w.-]+$/.test(name))
    throw new UsageError(`the credential helper ${JSON.stringify(name)} has no name of a program`);
  const output = await runHelper(`docker-credential-${name}`, server, env);
  if (output === null) return null;
  const answer = parseSecret(output, `the answer of docker-credential-${name}`);
  const username = textOr(answer, 'Username', '');
  const secret = textOr(answer, 'Secret', '');
  if (secret === '') return null;
  return username === '<token>'
    ? { kind: 'identity', token: secret }
    : { kind: 'password', username, password: secret };
}

function runHelper(
  program: string,
  server: string,
  env: RemoteOptions['env'],
): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: helperLimit,
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', (error) =>
      reject(
        new UsageError(`the credential helper ${program} cannot be started: ${reasonOf(error)}`),
      ),
    );
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(parts) : null));
    child.stdin.on('error', () => {}); // It ended without reading.
    child.stdin.end(server);
  });
}
