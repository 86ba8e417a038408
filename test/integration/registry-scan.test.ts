import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';
import { type RegistryServer, run, startRegistry } from './registry-server.ts';
import { tokenServer } from './token-server.ts';

/** The whole program against Debian's registry, over every road to it: its findings must be those of the local archive. */
const folder = mkdtempSync(join(tmpdir(), 'registry-scan-test-'));
const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const secret = 'pa:ss-word';
const encoded = Buffer.from(`user:${secret}`).toString('base64');
const servers: RegistryServer[] = [];
const helpers: Server[] = [];
let plain = '';
let digest = '';
let want = '';

before(async () => {
  plain = await start('plain');
  const to = `docker://${plain}/team/app:v1`;
  run('skopeo', ['copy', '-q', '--dest-tls-verify=false', `docker-archive:${archive}`, to], folder);
  digest = run(
    'skopeo',
    ['inspect', '--tls-verify=false', '--format', '{{.Digest}}', to],
    folder,
  ).trim();
  certificate('server', 'IP:127.0.0.1,DNS:registry.test');
  certificate('client', 'DNS:client.test');
  writeFileSync(join(folder, 'htpasswd'), run('htpasswd', ['-niB', 'user'], folder, secret));
  want = findings((await hullcheck([archive])).stdout);
  assert.ok(want.length > 10_000);
});

after(() => {
  for (const server of servers) server.stop();
  for (const server of helpers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

function certificate(name: string, names: string): void {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
  run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], folder);
}

async function start(name: string, extra = '', tls = ''): Promise<string> {
  const server = await startRegistry(folder, name, () => extra, tls);
  servers.push(server);
  return server.host;
}

async function listen(server: Server): Promise<string> {
  helpers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an object.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Environment = Readonly<Record<string, string>>;

/** Without a folder for temporary files: none may be needed. */
function hullcheck(argv: readonly string[], env: Environment = {}) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    const base = {
      PATH: process.env['PATH'],
      HOME: join(folder, 'nobody'),
      TMPDIR: '/nonexistent',
    };
    const child = spawn(process.execPath, [program, '-o', 'json', '-q', ...argv], {
      cwd: folder,
      env: { ...base, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part) => {
      stdout += part;
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    child.on('close', (status) => {
      for (const text of [secret, encoded, 'sesame'])
        assert.ok(!`${stdout}${stderr}`.includes(text), 'no credentials in any output');
      resolve({ status, stdout, stderr });
    });
  });
}

function findings(json: string): string {
  const [target] = JSON.parse(json).targets;
  return JSON.stringify([
    target.platform,
    target.config,
    target.os,
    target.binaries,
    target.problems,
  ]);
}

const fresh = (argv: readonly string[]) =>
  argv.includes('--cache-dir') ? argv : [...argv, '--no-cache'];

async function same(argv: readonly string[], env: Environment = {}): Promise<void> {
  const { stdout, stderr } = await hullcheck(fresh(argv), env);
  assert.notEqual(stdout, '', stderr);
  assert.equal(findings(stdout), want, argv.join(' '));
}

/** The one problem, apart from notices, of a run that ends with exit code 3. */
async function problem(argv: readonly string[], env: Environment = {}): Promise<string> {
  const { status, stdout, stderr } = await hullcheck(fresh(argv), env);
  assert.equal(status, 3, `${argv.join(' ')}: ${stdout.slice(0, 2000)}${stderr}`);
  assert.doesNotMatch(stderr, /^ {4}at /m);
  const problems = JSON.parse(stdout).targets.flatMap(
    (target: { problems: { kind: string; rules?: readonly string[] }[] }) =>
      // What cannot be decided for want of it follows from it.
      target.problems.filter(({ kind, rules }) => kind !== 'notice' && (rules ?? []).length === 0),
  );
  assert.equal(problems.length, 1, JSON.stringify(problems));
  return problems[0].message;
}

function home(name: string, files: Readonly<Record<string, string>>): Environment {
  const path = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return { HOME: path };
}

const login = (name: string, host: string, auth: unknown) =>
  home(name, { '.docker/config.json': JSON.stringify({ auths: { [host]: auth } }) });

test('the findings are those of the archive: by tag, digest and platform', async () => {
  const insecure = ['--insecure-http', plain];
  await same([`registry:${plain}/team/app:v1`, ...insecure]);
  await same([`${plain}/team/app@${digest}`, ...insecure]);
  await same([`${plain}/team/app:v1@${digest}`, ...insecure]);
  await same([`${plain}/team/app:v1`, '--platform', 'linux/amd64', ...insecure]);
  await same([`${plain}/team/app:v1`, '--platform', 'all', ...insecure]);
});

test('the findings are those of the archive: with a password, a token, an identity token', async () => {
  const guarded = await start(
    'htpasswd',
    `auth: {htpasswd: {realm: test, path: ${join(folder, 'htpasswd')}}}`,
  );
  const [image, insecure] = [`${guarded}/team/app:v1`, ['--insecure-http', guarded]];
  await same([image, ...insecure], login('password', guarded, { auth: encoded }));
  const wrong = Buffer.from('user:sesame').toString('base64');
  assert.match(
    await problem([image, ...insecure], login('wrong', guarded, { auth: wrong })),
    /: the credentials are missing or wrong \(401\)$/,
  );
  const [key, cert] = ['server.key', 'server.pem'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const tokens = tokenServer(
    key ?? '',
    cert ?? '',
    ({ authorization, body }) =>
      authorization === `Basic ${encoded}` || body.includes('refresh_token=identity'),
  );
  const realm = await listen(tokens);
  const host = await start(
    'token',
    `auth: {token: {realm: "http://${realm}/token", service: test, issuer: test, rootcertbundle: ${join(folder, 'server.pem')}}}`,
  );
  const both = ['--insecure-http', host, '--insecure-http', realm];
  await same([`${host}/team/app:v1`, ...both], login('basic', host, { auth: encoded }));
  await same([`${host}/team/app:v1`, ...both], login('id', host, { identitytoken: 'identity' }));
  const answer = await fetch(`http://${realm}/token`, {
    headers: { authorization: `Basic ${encoded}` },
  });
  const { token } = JSON.parse(await answer.text());
  await same([`${host}/team/app:v1`, ...both], login('bearer', host, { registrytoken: token }));
  assert.match(
    await problem([`${host}/team/app:v1`, ...both], login('bad', host, { auth: wrong })),
    /gives no token for .*\(401\)$/,
  );
});

const tls = () =>
  `, tls: {certificate: ${join(folder, 'server.pem')}, key: ${join(folder, 'server.key')}}`;

test('the findings are those of the archive: over TLS of a private authority, by option and by certs.d', async () => {
  const host = await start('tls', '', tls());
  const image = `${host}/team/app:v1`;
  assert.match(await problem([image]), /its certificate is .* \(see --registry-ca\)$/);
  await same([image, '--registry-ca', 'server.pem']);
  const ca = readFileSync(join(folder, 'server.pem'), 'utf8');
  await same([image], home('ca', { [`.config/containers/certs.d/${host}/ca.crt`]: ca }));
});

test('the findings are those of the archive: where a client certificate is wanted', async () => {
  const mutual = tls().replace(/\}$/, `, clientcas: [${join(folder, 'client.pem')}]}`);
  const host = await start('mutual', '', mutual);
  const words = [`${host}/team/app:v1`, '--registry-ca', 'server.pem'];
  assert.match(await problem(words), /it wants a client certificate \(see --registry-cert\)$/);
  await same([...words, '--registry-cert', 'client.pem', '--registry-key', 'client.key']);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  writeFileSync(join(folder, 'both.pem'), read('client.pem') + read('client.key'));
  await same([...words, '--registry-cert', 'both.pem']);
  const place = `.config/docker/certs.d/${host}`;
  const [cert, key, ca] = [read('client.pem'), read('client.key'), read('server.pem')];
  const files = { 'client.cert': cert, 'client.key': key, 'ca.crt': ca };
  const named = Object.entries(files).map(([name, text]) => [`${place}/${name}`, text]);
  await same([`${host}/team/app:v1`], home('mutual-home', Object.fromEntries(named)));
});

/** Leads every tunnel to one port, whatever host was requested, and passes plain requests on to the plain registry. */
async function proxyTo(host: string, asked: string[]): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
    const { pathname } = new URL(request.url ?? '');
    forward(pathname, request, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
    if (request.headers['proxy-authorization'] === undefined) {
      client.end('HTTP/1.1 407 Who are you\r\n\r\n');
      return;
    }
    const upstream = connect(Number(host.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Go on\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  return listen(server);
}

function forward(
  path: string,
  request: IncomingMessage,
  answer: (message: IncomingMessage) => void,
) {
  const [host, port] = plain.split(':');
  httpRequest({ host, port, path, headers: { ...request.headers, host: plain } }, answer).end();
}

test('the findings are those of the archive: through a proxy, which looks the name up', async () => {
  const host = await start('behind', '', tls());
  const asked: string[] = [];
  const proxy = await proxyTo(host, asked);
  const words = ['registry.test/team/app:v1', '--registry-ca', 'server.pem'];
  const named = { HTTPS_PROXY: `http://user:sesame@${proxy}` };
  await same(words, named);
  const basic = `Basic ${Buffer.from('user:sesame').toString('base64')}`;
  assert.deepEqual(new Set(asked), new Set([`registry.test:443 ${basic}`]));
  await same([`${host}/team/app:v1`, '--registry-ca', 'server.pem'], {
    https_proxy: 'http://127.0.0.1:1',
  });
  assert.match(
    await problem(words, { ...named, NO_PROXY: 'example.org,.test' }),
    /registry.test cannot be reached: /,
  );
  assert.match(
    await problem(words, { HTTPS_PROXY: proxy }),
    /the proxy 127.0.0.1:\d+ wants a user and password \(407\) for registry.test:443$/,
  );
  assert.match(
    await problem(words, { HTTPS_PROXY: 'http://user:sesame@127.0.0.1:1' }),
    /the proxy 127.0.0.1:1 cannot be reached: connection refused/,
  );
  await same(['plain.test/team/app:v1', '--insecure-http', 'plain.test'], {
    http_proxy: `http://user:sesame@${proxy}`,
  });
  assert.ok(asked.includes(`GET ${basic}`));
});

/** In front of the plain registry; `instead` may answer in its place. */
function inFrontOf(instead: (path: string) => RequestListener | null, seen: string[] = []): Server {
  return createServer((request, response) => {
    const path = request.url ?? '';
    seen.push(path);
    const other = instead(path);
    if (other !== null) return other(request, response);
    forward(path, request, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
  });
}

test('only layers that the cache does not know are fetched', async () => {
  const seen: string[] = [];
  const host = await listen(inFrontOf(() => null, seen));
  const words = [`${host}/team/app:v1`, '--insecure-http', host, '--cache-dir', 'cache'];
  await same(words);
  const blobs = () => seen.splice(0).filter((path) => path.includes('/blobs/')).length;
  const first = blobs();
  assert.ok(first > 2, `${first} blobs`);
  await same(words);
  assert.equal(blobs(), 1, 'the config alone');
});

test('what goes wrong on the way is one problem and exit code 3', {
  timeout: 600_000,
}, async () => {
  const insecure = ['--insecure-http', plain];
  assert.match(await problem([`${plain}/team/app:v9`, ...insecure]), /no such image \(404\)$/);
  assert.match(await problem([`${plain}/team/other:v1`, ...insecure]), /no such image \(404\)$/);
  const layer = JSON.parse(
    run(
      'skopeo',
      ['inspect', '--raw', '--tls-verify=false', `docker://${plain}/team/app:v1`],
      folder,
    ),
  ).layers[0].digest;
  const isLayer = (path: string) => path.endsWith(layer);
  const table: readonly { instead: RequestListener; says: RegExp }[] = [
    {
      instead: (_, response) => void response.end(Buffer.alloc(99)),
      says: /^the blob has the digest sha256:\w+, expected sha256:/,
    },
    {
      // Again and again at the same place, as something on the way that resets it.
      instead: (_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write(Buffer.from('1f8b08', 'hex'), () => response.destroy());
      },
      says: /127.0.0.1:\d+ cannot be reached: the connection was cut$/,
    },
    {
      instead: (_, response) =>
        void response.writeHead(307, { location: 'http://169.254.169.254/layer' }).end(),
      says: /leads to 169.254.169.254 without TLS, which is not followed$/,
    },
    {
      instead: (_, response) =>
        void response.writeHead(307, { location: 'https://127.0.0.2/layer' }).end(),
      says: /leads to the inner address 127.0.0.2, which is not followed \(--trust-host 127.0.0.2 allows it\)$/,
    },
    {
      instead: (_, response) => void response.writeHead(403).end(),
      says: /access is denied \(403\)$/,
    },
  ];
  for (const { instead, says } of table) {
    const host = await listen(inFrontOf((path) => (isLayer(path) ? instead : null)));
    assert.match(await problem([`${host}/team/app:v1`, '--insecure-http', host]), says);
  }
});

test('a token is not requested from an inner address of another host, nor without TLS', async () => {
  const realms = [
    [
      'https://169.254.169.254/token',
      /names the inner address 169.254.169.254 to get a token from/,
    ],
    ['https://10.0.0.1:8443/token', /names the inner address 10.0.0.1:8443 to get a token from/],
    ['https://[fd00::1]/token', /names the inner address \[fd00::1\] to get a token from/],
    ['http://example.org/token', /leads to example.org without TLS, which is not followed$/],
    ['not a realm', /requires a token, and names no URL to get it from$/],
  ] as const;
  for (const [realm, says] of realms) {
    const host = await listen(
      createServer((_, response) => {
        const header = { 'www-authenticate': `Bearer realm="${realm}",service="x"` };
        response.writeHead(401, header).end();
      }),
    );
    const words = [`${host}/team/app:v1`, '--insecure-http', host];
    assert.match(await problem(words, login('inner', host, { auth: encoded })), says);
  }
});

test('a manifest without end is not read to its end', async () => {
  const host = await listen(
    createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, ' ')));
      };
      response.on('drain', more);
      more();
    }),
  );
  assert.match(
    await problem([`${host}/team/app:v1`, '--insecure-http', host]),
    /the manifest v1 has more than 16777216 bytes$/,
  );
});

test('a layer that another host has is fetched from there without the credentials', async () => {
  const seen: string[] = [];
  const store = await listen(
    createServer((request, response) => {
      seen.push(request.headers.authorization ?? 'nobody');
      forward(request.url ?? '', request, (answer) => answer.pipe(response));
    }),
  );
  const host = await listen(
    inFrontOf((path) => (request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else if (path.includes('/blobs/'))
        response.writeHead(307, { location: `http://${store}${path}` }).end();
      else forward(path, request, (answer) => answer.pipe(response));
    }),
  );
  const words = [`${host}/team/app:v1`, '--insecure-http', host, '--insecure-http', store];
  await same(words, login('redirected', host, { auth: encoded }));
  assert.deepEqual(new Set(seen), new Set(['nobody']));
  assert.ok(seen.length > 2);
});

test('what was tampered with in the store of the registry itself is a mismatch', async () => {
  const copy = join(folder, 'tampered');
  cpSync(join(folder, 'storage'), join(copy, 'storage'), { recursive: true });
  const layer = JSON.parse(
    run(
      'skopeo',
      ['inspect', '--raw', '--tls-verify=false', `docker://${plain}/team/app:v1`],
      folder,
    ),
  ).layers[0].digest.slice('sha256:'.length);
  const blob = join(
    copy,
    'storage/docker/registry/v2/blobs/sha256',
    layer.slice(0, 2),
    layer,
    'data',
  );
  const bytes = readFileSync(blob);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(blob, bytes);
  const server = await startRegistry(copy, 'tampered');
  servers.push(server);
  assert.match(
    await problem([`${server.host}/team/app:v1`, '--insecure-http', server.host]),
    /the blob has the digest sha256:\w+, expected sha256:/,
  );
});
