import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { UsageError } from '../../base/errors.ts';
import { codeOf, explained, reasonOf } from '../../base/system-error.ts';
import type { RemoteOptions } from '../remote/remote-options.ts';

/** What TLS to one host is made with; PEM. */
export interface Security {
  /** undefined: what Node.js trusts. */
  readonly ca?: readonly string[];
  /** Given together. */
  readonly cert?: string;
  readonly key?: string;
  /** The user's registries.conf takes any certificate of this host. */
  readonly isUnverified?: true;
}

/**
 * The authorities and the client certificate for a host: those of --registry-ca, --registry-cert and --registry-key,
 * else what the host's folder of Docker and podman holds (`certs.d/HOST[:PORT]`: `*.crt` are authorities, `*.cert` and
 * `*.key` of one name a client certificate; containers-certs.d(5)). The certificate of the options is shown to
 * `registryHost` alone. `unverifiedHost` may have any certificate. Throws UsageError.
 */
export function securityFor(
  remote: RemoteOptions,
  registryHost: string,
  unverifiedHost: string | null = null,
) {
  const given = readGiven(remote);
  const known = new Map<string, Security>();
  return (host: string): Security => {
    const made = known.get(host) ?? combine(given, host, registryHost, remote);
    const found: Security = host === unverifiedHost ? { ...made, isUnverified: true } : made;
    known.set(host, found);
    return found;
  };
}

interface Given {
  readonly ca: string | null;
  readonly client: { readonly cert: string; readonly key: string } | null;
}

function readGiven({ registryCa, registryCert, registryKey }: RemoteOptions): Given {
  const read = (path: string) => explained(path, () => readFileSync(path, 'utf8'));
  const ca = registryCa === null ? null : read(registryCa);
  if (registryCert === null) return { ca, client: null };
  // A key may stand in the same file.
  return { ca, client: { cert: read(registryCert), key: read(registryKey ?? registryCert) } };
}

function combine(given: Given, host: string, registryHost: string, remote: RemoteOptions) {
  const folder = folderOf(host, remote);
  const ca = [...(given.ca === null ? [] : [given.ca]), ...folder.ca];
  const client = (host === registryHost ? given.client : null) ?? folder.client;
  return { ...(ca.length > 0 ? { ca: [...rootCertificates, ...ca] } : {}), ...client };
}

const nothing = { ca: [], client: null };

/** The first folder that is there counts, as for podman and skopeo. */
function folderOf(host: string, { env }: RemoteOptions): Omit<Given, 'ca'> & { ca: string[] } {
  if (!/^[\w.[\]:-]+$/.test(host)) return nothing;
  for (const base of basesOf(env)) {
    const folder = join(base, host);
    const names = namesIn(folder);
    if (names !== null) return readFolder(folder, names);
  }
  return nothing;
}

function basesOf(env: RemoteOptions['env']): readonly string[] {
  const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return [
    join(config, 'containers/certs.d'),
    join(config, 'docker/certs.d'),
    '/etc/containers/certs.d',
    '/etc/docker/certs.d',
  ];
}

function namesIn(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw new UsageError(`${folder}: ${reasonOf(error)}`);
  }
}

function readFolder(folder: string, names: readonly string[]) {
  const read = (name: string) => {
    const path = join(folder, name);
    return explained(path, () => readFileSync(path, 'utf8'));
  };
  const ca = names.filter((name) => name.endsWith('.crt')).map(read);
  const certificate = names.find((name) => name.endsWith('.cert'));
  if (certificate === undefined) return { ca, client: null };
  const key = certificate.replace(/cert$/, 'key');
  if (!names.includes(key))
    throw new UsageError(`${join(folder, certificate)} has no ${key} next to it`);
  return { ca, client: { cert: read(certificate), key: read(key) } };
}
