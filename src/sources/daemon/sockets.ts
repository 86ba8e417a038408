import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { explained } from '../../base/system-error.ts';
import type { RemoteOptions } from '../remote/remote-options.ts';

/** Where a daemon listens. */
export interface Endpoint {
  /** For messages. */
  readonly name: string;
  readonly protocol: 'http:' | 'https:';
  readonly connection: RequestOptions;
}

export type Engine = 'docker' | 'podman';

/** What the user's environment names, or the first of the usual sockets that is there. Throws UsageError. */
export function findEndpoint(engine: Engine, { env }: RemoteOptions): Endpoint {
  const variable = engine === 'docker' ? 'DOCKER_HOST' : 'CONTAINER_HOST';
  const named = env[variable];
  if (named) return endpointOf(named, variable, env);
  const usual = engine === 'docker' ? dockerSockets(env) : podmanSockets(env);
  const found = usual.find((path) => existsSync(path));
  if (found !== undefined) return socket(found);
  throw new UsageError(
    `there is no ${engine} here: ${variable} is not set, and none of these sockets exists: ${usual.join(', ')}`,
  );
}

function dockerSockets(env: RemoteOptions['env']): readonly string[] {
  const { HOME: home, XDG_RUNTIME_DIR: runtime } = env;
  return [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    ...(home ? [join(home, '.docker/run/docker.sock')] : []),
  ];
}

/** Rootless before rootful, as podman itself. */
function podmanSockets(env: RemoteOptions['env']): readonly string[] {
  const runtime = env['XDG_RUNTIME_DIR'] || `/run/user/${userInfo().uid}`;
  return [join(runtime, 'podman/podman.sock'), '/run/podman/podman.sock'];
}

function socket(path: string): Endpoint {
  return { name: path, protocol: 'http:', connection: { socketPath: path } };
}

function endpointOf(text: string, variable: string, env: RemoteOptions['env']): Endpoint {
  const path = /^unix:\/\/(\/.+)$/.exec(text)?.[1];
  if (path !== undefined) return socket(path);
  const address = /^(?:tcp|https?):\/\/(?<host>\[[0-9a-f:]+\]|[\w.-]+):(?<port>\d{1,5})\/?$/i.exec(
    text,
  )?.groups;
  const host = address?.['host'];
  if (host === undefined)
    throw new UsageError(
      `${variable} is ${text}, expected unix:///PATH or tcp://HOST:PORT; for a host behind ssh, forward its socket`,
    );
  const place = { host: host.replace(/^\[|\]$/g, ''), port: address?.['port'] ?? '' };
  const tls = env['DOCKER_TLS_VERIFY'] || text.startsWith('https:');
  if (!tls) return { name: text, protocol: 'http:', connection: place };
  return { name: text, protocol: 'https:', connection: { ...place, ...certificates(env) } };
}

/** As docker's client has them: `ca.pem`, `cert.pem` and `key.pem` of one folder. */
function certificates(env: RemoteOptions['env']) {
  const folder = env['DOCKER_CERT_PATH'] || join(env['HOME'] || '/', '.docker');
  const read = (name: string) => {
    const path = join(folder, name);
    return explained(path, () => readFileSync(path));
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}
