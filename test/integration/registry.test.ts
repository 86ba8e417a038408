import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DamagedInput, MalformedInput, UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import { noRemoteOptions, type RemoteOptions } from '../../src/sources/remote/remote-options.ts';
import { repositoryRoot } from '../support/repository.ts';
import { type RegistryServer, run, startRegistry } from './registry-server.ts';
import { tokenServer } from './token-server.ts';

/** Debian's registry, images pushed by skopeo: what is pulled must be what the local archive holds. */
const folder = mkdtempSync(join(tmpdir(), 'registry-test-'));
const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const secret = 'pa:ss-word';
const servers: RegistryServer[] = [];
const helpers: Server[] = [];
let plain = '';
let digest = '';

before(async () => {
  plain = await start('plain');
  run(
    'skopeo',
    [
      'copy',
      '-q',
      '--dest-tls-verify=false',
      `docker-archive:${archive}`,
      `docker://${plain}/team/app:v1`,
    ],
    folder,
  );
  digest = run(
    'skopeo',
    ['inspect', '--tls-verify=false', '--format', '{{.Digest}}', `docker://${plain}/team/app:v1`],
    folder,
  ).trim();
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  run(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-days',
      '2',
      ...subject,
    ],
    folder,
  );
  writeFileSync(join(folder, 'htpasswd'), run('htpasswd', ['-niB', 'user'], folder, secret));
});

after(() => {
  for (const server of servers) server.stop();
  for (const server of helpers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

async function start(
  name: string,
  extra?: (host: string) => string,
  tls?: string,
): Promise<string> {
  const server = await startRegistry(folder, name, extra, tls);
  servers.push(server);
  return server.host;
}

async function listen(server: Server): Promise<string> {
  helpers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an object.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Each entry of each layer with its bytes' number, and what ended the walks. */
async function pull(
  reference: string,
  remote: Partial<RemoteOptions> = {},
  platform: string | null = null,
) {
  const env = { HOME: join(folder, 'nobody'), PATH: process.env['PATH'] };
  const options = { ...noRemoteOptions, env, ...remote };
  const source = await openTarget(reference, { platform, limits: defaultLimits, remote: options });
  const lines: string[] = [];
  for (const { platform: stated, layers, problems } of source.targets) {
    if (problems[0]) throw new MalformedInput(problems[0].message);
    lines.push(`${stated}`);
    for (const { diffId, createdBy, entries } of layers) {
      lines.push(`${diffId} ${createdBy}`);
      for await (const { body, ...header } of entries(() => {})) {
        let size = 0;
        for await (const piece of body()) size += piece.length;
        lines.push(JSON.stringify({ ...header, size }));
      }
    }
  }
  await source.close();
  return lines;
}

async function failure(reference: string, remote: Partial<RemoteOptions> = {}): Promise<string> {
  try {
    await pull(reference, remote);
  } catch (error) {
    assert.ok(error instanceof DamagedInput || error instanceof UsageError, String(error));
    assert.ok(!error.message.includes(secret) && !error.message.includes(encoded), 'no secrets');
    return `${error.name}: ${error.message}`;
  }
  return 'it was pulled';
}

const encoded = Buffer.from(`user:${secret}`).toString('base64');

function withAuth(name: string, config: unknown): RemoteOptions['env'] {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
  return { HOME: path, PATH: `${path}:${process.env['PATH']}`, DOCKER_CONFIG: path };
}

test('an image is the same by tag, digest, both and platform, with and without the scheme', async () => {
  const want = await pull(archive);
  assert.ok(want.length > 20);
  const insecure = { insecureHosts: [plain] };
  for (const version of [':v1', `@${digest}`, `:v1@${digest}`]) {
    for (const scheme of ['', 'registry:'])
      assert.deepEqual(await pull(`${scheme}${plain}/team/app${version}`, insecure), want);
  }
  assert.deepEqual(await pull(`${plain}/team/app:v1`, insecure, 'linux/amd64'), want);
});

test('one sentence says that an image is missing, that a reference is wrong or that TLS is required', async () => {
  const insecureHosts = [plain];
  assert.match(
    await failure(`registry:${plain}/team/app:v9`, { insecureHosts }),
    /^UnreadablePart: .*there is no such image \(404\)$/,
  );
  assert.match(
    await failure(`registry:${plain}/team/app@sha256:${'0'.repeat(64)}`, { insecureHosts }),
    /\(404\)$/,
  );
  assert.match(
    await failure(`registry:${plain}/team/app:v1`),
    /does not speak TLS \(see --insecure-http\)$/,
  );
  assert.match(
    await failure('registry:Team/App'),
    /^UsageError: Team\/App is not a reference of an image/,
  );
  assert.match(
    await failure('127.0.0.1:1/team/app'),
    /is not a file or directory, and as an image in a registry: 127.0.0.1:1 cannot be reached: connection refused$/,
  );
});

test('TLS of a private authority needs --registry-ca', async () => {
  const tls = `, tls: {certificate: ${join(folder, 'cert.pem')}, key: ${join(folder, 'key.pem')}}`;
  const host = await start('tls', undefined, tls);
  assert.match(
    await failure(`registry:${host}/team/app:v1`),
    /its certificate is .* \(see --registry-ca\)$/,
  );
  assert.deepEqual(
    await pull(`${host}/team/app:v1`, { registryCa: join(folder, 'cert.pem') }),
    await pull(archive),
  );
});

test('passwords come from the files and helpers of Docker and podman', async () => {
  const host = await start(
    'htpasswd',
    () => `auth: {htpasswd: {realm: test, path: ${join(folder, 'htpasswd')}}}`,
  );
  const reference = `registry:${host}/team/app:v1`;
  const insecureHosts = [host];
  const want = await pull(archive);
  assert.match(
    await failure(reference, { insecureHosts }),
    /the credentials are missing or wrong \(401\)$/,
  );
  const wrong = { auths: { [host]: { auth: Buffer.from('user:wrong').toString('base64') } } };
  assert.match(
    await failure(reference, { insecureHosts, env: withAuth('wrong', wrong) }),
    /missing or wrong \(401\)$/,
  );
  const right = { auths: { [host]: { auth: encoded } } };
  assert.deepEqual(await pull(reference, { insecureHosts, env: withAuth('right', right) }), want);
  const podman = join(
    withAuth('podman', { auths: { [`${host}/team`]: { auth: encoded } } })['HOME'] ?? '',
    'config.json',
  );
  assert.deepEqual(
    await pull(reference, { insecureHosts, env: { HOME: folder, REGISTRY_AUTH_FILE: podman } }),
    want,
  );
  const env = withAuth('helper', { credHelpers: { [host]: 'test' } });
  const helper = join(env['HOME'] ?? '', 'docker-credential-test');
  writeFileSync(
    helper,
    `#!/bin/sh\nread -r host; [ "$1 $host" = "get ${host}" ] && echo '${JSON.stringify({ Username: 'user', Secret: secret })}'\n`,
  );
  chmodSync(helper, 0o755);
  assert.deepEqual(await pull(reference, { insecureHosts, env }), want);
  const missing = withAuth('no-helper', { credsStore: 'not-there' });
  assert.match(
    await failure(reference, { insecureHosts, env: missing }),
    /missing or wrong \(401\); the credential helper docker-credential-not-there cannot be started/,
  );
});

test('tokens are fetched from the realm, by password and by identity token', async () => {
  const key = readFileSync(join(folder, 'key.pem'), 'utf8');
  const certificate = readFileSync(join(folder, 'cert.pem'), 'utf8');
  const tokens = tokenServer(
    key,
    certificate,
    ({ authorization, body }) =>
      authorization === `Basic ${encoded}` || body.includes('refresh_token=identity'),
  );
  const realm = await listen(tokens);
  const host = await start(
    'token',
    () =>
      `auth: {token: {realm: "http://${realm}/token", service: test, issuer: test, rootcertbundle: ${join(folder, 'cert.pem')}}}`,
  );
  const reference = `registry:${host}/team/app:v1`;
  const insecureHosts = [host, realm];
  const want = await pull(archive);
  for (const auth of [{ auth: encoded }, { identitytoken: 'identity' }])
    assert.deepEqual(
      await pull(reference, { insecureHosts, env: withAuth('token', { auths: { [host]: auth } }) }),
      want,
    );
  assert.deepEqual(new Set(tokens.seen.map(({ method }) => method)), new Set(['GET', 'POST']));
  assert.match(await failure(reference, { insecureHosts }), /gives no token for .* wrong \(401\)$/);
  const before = tokens.seen.length;
  assert.match(
    await failure(reference, {
      insecureHosts: [host],
      env: withAuth('token', { auths: { [host]: { auth: encoded } } }),
    }),
    /leads to .* without TLS, which is not followed$|cannot be reached|not followed/,
  );
  assert.equal(tokens.seen.length, before, 'no password without TLS');
});

/** Passes requests on to the plain registry, unless `instead` has an answer. */
function proxy(
  instead: (path: string, attempt: number, pass: () => void) => RequestListener | null,
): Server {
  const attempts = new Map<string, number>();
  return createServer((request, response) => {
    const path = request.url ?? '';
    const attempt = (attempts.get(path) ?? 0) + 1;
    attempts.set(path, attempt);
    const pass = () => {
      const [host, port] = plain.split(':');
      httpRequest({ host, port, path, headers: { ...request.headers, host: plain } }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }).end();
    };
    const other = instead(path, attempt, pass);
    if (other === null) pass();
    else other(request, response);
  });
}

const isBlob = (path: string) => path.includes('/blobs/');

/** Half of what was requested, then nothing. */
const cut: RequestListener = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const [host, port] = plain.split(':');
  httpRequest({ host, port, path: request.url, headers: { host: plain } }, async (answer) => {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part);
    const bytes = Buffer.concat(parts).subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
  }).end();
};

test('a blob that is cut is taken up where it broke, as often as it goes on', async () => {
  const host = await listen(proxy((path, attempt) => (isBlob(path) && attempt < 4 ? cut : null)));
  assert.deepEqual(
    await pull(`registry:${host}/team/app:v1`, { insecureHosts: [host] }),
    await pull(archive),
  );
});

test('a registry that is busy for a moment is asked again, one that stays so is not', {
  timeout: 300_000,
}, async () => {
  const busy: RequestListener = (_, response) => void response.writeHead(503).end();
  const once = await listen(proxy((path, attempt) => (!isBlob(path) && attempt < 2 ? busy : null)));
  assert.deepEqual(
    await pull(`registry:${once}/team/app:v1`, { insecureHosts: [once] }),
    await pull(archive),
  );
  const ever = await listen(proxy(() => busy));
  assert.match(
    await failure(`registry:${ever}/team/app:v1`, { insecureHosts: [ever] }),
    /it answers with status 503$/,
  );
});

test('a config or layer that was tampered with is a mismatch', async () => {
  const wrong: RequestListener = (_, response) => void response.end(Buffer.alloc(99));
  const whole = await listen(proxy((path) => (isBlob(path) ? wrong : null)));
  assert.match(
    await failure(`registry:${whole}/team/app:v1`, { insecureHosts: [whole] }),
    /has the digest sha256:\w+, expected sha256:/,
  );
  let config = '';
  const layers = await listen(
    proxy((path) => {
      if (isBlob(path)) config ||= path;
      return isBlob(path) && path !== config ? wrong : null;
    }),
  );
  assert.match(
    await failure(`registry:${layers}/team/app:v1`, { insecureHosts: [layers] }),
    /^DigestMismatch: the blob has the digest sha256:\w+, expected sha256:/,
  );
});

test('a redirect is followed without the credentials, but never to an inner address of another host', async () => {
  const seen: string[] = [];
  const target = await listen(
    createServer((request, response) => {
      seen.push(request.headers.authorization ?? 'none');
      response.writeHead(404).end();
    }),
  );
  const to =
    (url: string): RequestListener =>
    (_, response) =>
      void response.writeHead(307, { location: url }).end();
  const host = await listen(
    createServer((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else to(`http://${target}/elsewhere`)(request, response);
    }),
  );
  const env = withAuth('redirect', { auths: { [host]: { auth: encoded } } });
  assert.match(
    await failure(`registry:${host}/team/app`, { insecureHosts: [host, target], env }),
    /404/,
  );
  assert.deepEqual(seen, ['none']);
  const inner = await listen(proxy(() => to('https://169.254.169.254/latest/meta-data')));
  assert.match(
    await failure(`registry:${inner}/team/app`, { insecureHosts: [inner] }),
    /leads to the inner address 169.254.169.254, which is not followed$/,
  );
  const unsafe = await listen(proxy(() => to('http://example.org/')));
  assert.match(
    await failure(`registry:${unsafe}/team/app`, { insecureHosts: [unsafe] }),
    /leads to example.org without TLS, which is not followed$/,
  );
});
