import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { before, test } from 'node:test';
import { type Asked, type ScriptedImage, scriptedImage } from '../../support/scripted-registry.ts';
import {
  bearerToken,
  encoded,
  type Hosts,
  type Pull,
  pull,
  refreshToken,
} from './scripted-pull.ts';

/** Every way here ends in the image or in one sentence, and shows no secret to another host. */
let image: ScriptedImage;
before(async () => {
  image = await scriptedImage();
});

type Answer = (response: ServerResponse, asked: Asked, hosts: Hosts) => unknown;

interface Case extends Omit<Pull, 'image' | 'script'> {
  readonly name: string;
  /** What is answered otherwise than by a sound registry, by a part of the path. */
  readonly at: RegExp;
  readonly answer: Answer;
  /** Only so many times; then as a sound registry. */
  readonly times?: number;
  readonly want: RegExp | 'pulled';
}

const manifest = /\/manifests\//;
const isConfig = /config/;
const isLayer = /layer/;
const anything = /./;

/** Enough for a machine that is busy to see that nothing comes, and far less than a sound answer may take. */
const impatient = { document: 700 };
const impatientLayer = { layer: 700, bytesPerSecond: 1e12 };

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();
const body =
  (bytes: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(200, headers).end(bytes);
/** Bytes on the wire as they are, and the connection left open. */
const raw =
  (text: string, ends = false): Answer =>
  (response) => {
    response.socket?.write(text);
    if (ends) response.socket?.end();
  };
const to =
  (location: (hosts: Hosts, asked: Asked) => string, code = 307): Answer =>
  (response, asked, hosts) =>
    response.writeHead(code, { location: location(hosts, asked) }).end();
/** A piece now and then, without end. */
const drip =
  (piece: string, begin: (response: ServerResponse) => void): Answer =>
  (response) => {
    begin(response);
    const timer = setInterval(() => response.socket?.write(piece), 20);
    response.on('close', () => clearInterval(timer));
  };
const flood =
  (piece: Buffer): Answer =>
  (response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
  };

const head = 'HTTP/1.1 200 OK\r\n';
const drops = drip(' ', (response) =>
  response.socket?.write(`${head}content-length: 9999999\r\n\r\n`),
);
const noEnd = /is given up after \d+ s of waiting: the server is too slow$/;

const cases: readonly Case[] = [
  { name: 'no such image', at: manifest, answer: status(404), want: /there is no such image/ },
  { name: 'access denied', at: manifest, answer: status(403), want: /access is denied/ },
  { name: 'a 401 without challenge', at: manifest, answer: status(401), want: /\(401\)$/ },
  { name: 'always busy', at: manifest, answer: status(503), want: /status 503$/ },
  { name: 'too many requests', at: manifest, answer: status(429), want: /too many requests/ },
  { name: 'busy once', at: manifest, answer: status(500), times: 1, want: 'pulled' },
  {
    name: 'too many requests once, with a time of no sense',
    at: manifest,
    answer: status(429, { 'retry-after': 'never' }),
    times: 1,
    want: 'pulled',
  },
  { name: 'no content', at: manifest, answer: status(204), want: /status 204$/ },
  { name: 'a status of no sense', at: manifest, answer: status(777), want: /status 777$/ },
  { name: 'an empty manifest', at: manifest, answer: body(''), want: /is not JSON/ },
  { name: 'a page instead of a manifest', at: manifest, answer: body('<html>'), want: /not JSON/ },
  {
    name: 'a manifest that is a number',
    at: manifest,
    answer: body('7'),
    want: /expected an object/,
  },
  {
    name: 'a manifest of a million brackets',
    at: manifest,
    answer: body('['.repeat(1_000_000)),
    want: /nested deeper/,
  },
  {
    name: 'a manifest without an end',
    at: manifest,
    answer: flood(Buffer.alloc(65_536, 0x20)),
    want: /has more than 16777216 bytes$/,
  },
  {
    name: 'a manifest that is cut each time',
    at: manifest,
    answer: raw(`${head}content-length: 99\r\n\r\n{`, true),
    want: /cannot be reached: the connection was cut$/,
  },
  {
    name: 'a manifest that is cut once',
    at: manifest,
    answer: raw(`${head}content-length: 99\r\n\r\n{`, true),
    times: 1,
    want: 'pulled',
  },
  {
    name: 'a manifest in drops',
    at: manifest,
    answer: drops,
    patience: impatient,
    want: noEnd,
  },
  {
    name: 'headers in drops',
    at: manifest,
    answer: drip('a', (response) => response.socket?.write(`${head}x: `)),
    patience: impatient,
    want: noEnd,
  },
  {
    name: 'interim answers without an end',
    at: manifest,
    answer: drip('HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n', () => {}),
    patience: impatient,
    want: noEnd,
  },
  {
    name: 'silence',
    at: manifest,
    answer: () => {},
    patience: impatient,
    want: noEnd,
  },
  {
    name: 'silence that the idle limit ends',
    at: manifest,
    answer: () => {},
    patience: { idle: 100 },
    want: /cannot be reached: it does not answer$/,
  },
  {
    name: 'a connection that is closed at once',
    at: manifest,
    answer: (response) => response.socket?.destroy(),
    want: /cannot be reached: the connection was cut$/,
  },
  {
    name: 'something that is not HTTP',
    at: manifest,
    answer: raw('SSH-2.0-OpenSSH_9.2\r\n', true),
    want: /cannot be reached: /,
  },
  {
    name: 'a header of a megabyte',
    at: manifest,
    answer: raw(`${head}x: ${'a'.repeat(1_000_000)}\r\n\r\n`, true),
    want: /cannot be reached: /,
  },
  {
    name: 'ten thousand headers',
    at: manifest,
    answer: raw(`${head}${'x: y\r\n'.repeat(10_000)}content-length: 0\r\n\r\n`, true),
    want: /cannot be reached: |is not JSON/,
  },
  {
    name: 'another protocol',
    at: manifest,
    answer: raw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    want: /changes to another protocol/,
  },
  {
    name: 'chunks whose size is not a number',
    at: manifest,
    answer: raw(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`, true),
    want: /cannot be reached: /,
  },
  {
    name: 'chunks without a last one',
    at: manifest,
    answer: raw(`${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`),
    patience: impatient,
    want: noEnd,
  },
  {
    name: 'two lengths',
    at: manifest,
    answer: raw(`${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, true),
    want: /cannot be reached: /,
  },
  {
    name: 'a media type that says nothing',
    at: manifest,
    answer: (response, _, hosts) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end(hosts.image.manifest),
    want: 'pulled',
  },
  {
    name: 'another manifest than that of the digest',
    at: manifest,
    reference: `@sha256:${'0'.repeat(64)}`,
    answer: body('{}'),
    want: /expected sha256:0000/,
  },
  {
    name: 'a digest that leads out of the repository',
    at: manifest,
    answer: edited((text) => text.replace(/sha256:[0-9a-f]{64}/, 'sha256:../../../../etc')),
    want: /digest|sha256/,
  },
  {
    name: 'a layer of a negative size',
    at: manifest,
    answer: edited((text) => text.replace(/"size":\d+\}\]/, '"size":-1}]')),
    want: /-1/,
  },
  {
    name: 'a layer that says nine petabytes and has the right digest',
    at: manifest,
    answer: edited((text) => text.replace(/"size":\d+\}\]/, '"size":9007199254740991}]')),
    want: 'pulled',
  },
  {
    name: 'an index that names itself',
    at: manifest,
    answer: (response, { path }) =>
      response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }).end(
        JSON.stringify({
          schemaVersion: 2,
          manifests: [
            {
              mediaType: 'application/vnd.oci.image.index.v1+json',
              digest: /sha256:/.test(path) ? path.slice(-71) : `sha256:${'1'.repeat(64)}`,
              size: 250,
            },
          ],
        }),
      ),
    want: /digest|size|bytes/,
  },
  {
    name: 'a redirect to itself',
    at: manifest,
    answer: to((_, { path }) => path),
    want: /more than 10 times$/,
  },
  {
    name: 'redirects that never repeat',
    at: anything,
    answer: to((_, { path }) => `${path}x`),
    want: /more than 10 times$/,
  },
  { name: 'a redirect without a place', at: manifest, answer: status(302), want: /status 302$/ },
  {
    name: 'a redirect to no URL',
    at: manifest,
    answer: to(() => 'http://['),
    want: /is not a URL$/,
  },
  {
    name: 'a redirect to a file',
    at: manifest,
    answer: to(() => 'file:///etc/passwd'),
    want: /not followed$/,
  },
  { name: 'a redirect to data', at: manifest, answer: to(() => 'data:,x'), want: /not followed$/ },
  {
    name: 'a redirect to the metadata of a cloud',
    at: manifest,
    answer: to(() => 'https://169.254.169.254/'),
    want: /inner address 169.254.169.254, which is not followed$/,
  },
  {
    name: 'a redirect to an address in another spelling',
    at: manifest,
    answer: to(() => 'https://0x7f000002/'),
    want: /inner address 127.0.0.2, which is not followed$/,
  },
  {
    name: 'a redirect to localhost',
    at: manifest,
    answer: to(() => 'https://localhost/'),
    want: /not followed$/,
  },
  {
    name: 'a redirect to a host without TLS',
    at: manifest,
    answer: to(() => 'http://registry.example/'),
    want: /without TLS, which is not followed$/,
  },
  {
    name: 'a redirect that names a user',
    at: /blobs/,
    answer: to(({ other }, { path }) => `http://user:password@${other.address}${path}`),
    want: 'pulled',
  },
  {
    name: 'blobs at another host',
    at: /blobs/,
    answer: to(({ other }, { path }) => `http://${other.address}${path}`),
    want: 'pulled',
  },
  {
    name: 'a config in drops',
    at: isConfig,
    answer: drops,
    patience: impatient,
    want: noEnd,
  },
  { name: 'a config of other bytes', at: isConfig, answer: body('{}'), want: /digest|size|bytes/ },
  { name: 'no config', at: isConfig, answer: status(404), want: /\(404\)$/ },
  { name: 'no layer', at: isLayer, answer: status(404), want: /\(404\)$/ },
  {
    name: 'a layer of other bytes',
    at: isLayer,
    answer: (response, _, hosts) => response.end(Buffer.alloc(hosts.image.layer.length)),
    want: /digest/,
  },
  {
    name: 'a layer that is too short',
    at: isLayer,
    answer: (response, _, hosts) => response.end(hosts.image.layer.subarray(0, 99)),
    want: /bytes|end/,
  },
  {
    name: 'a layer that is too long',
    at: isLayer,
    answer: (response, _, hosts) =>
      response.end(Buffer.concat([hosts.image.layer, hosts.image.layer])),
    want: /bytes|size|digest/,
  },
  {
    name: 'a layer without an end',
    at: isLayer,
    answer: flood(Buffer.alloc(65_536)),
    want: /bytes|size|digest/,
  },
  {
    name: 'a layer in drops',
    at: isLayer,
    answer: drops,
    patience: impatientLayer,
    want: noEnd,
  },
  {
    name: 'a layer that does not begin',
    at: isLayer,
    answer: () => {},
    patience: impatientLayer,
    want: noEnd,
  },
  {
    name: 'a layer that is cut and taken up',
    at: isLayer,
    answer: (response, _, hosts) => {
      const { layer } = hosts.image;
      response.writeHead(200, { 'content-length': layer.length });
      response.write(layer.subarray(0, layer.length / 2), () => response.destroy());
    },
    times: 1,
    want: 'pulled',
  },
  {
    name: 'a layer that is cut before its first byte',
    at: isLayer,
    answer: (response) => response.socket?.destroy(),
    want: /the connection was cut$/,
  },
  {
    name: 'another range than the one requested',
    at: isLayer,
    answer: (response, { headers }, hosts) => {
      const { layer } = hosts.image;
      response.writeHead(headers.range === undefined ? 200 : 206, {
        'content-length': layer.length,
      });
      response.write(layer.subarray(0, 100), () => response.destroy());
    },
    want: /digest|bytes|end|damaged/,
  },
  { name: 'a range that cannot be', at: isLayer, answer: status(416), want: /status 416$/ },
];

function edited(edit: (manifest: string) => string): Answer {
  return (response, _, hosts) => response.end(edit(hosts.image.manifest.toString()));
}

/** Blobs are named by what they are, so that a case can distinguish them. */
function partOf({ path }: Asked, { digests }: ScriptedImage): string {
  return path.replace(digests.config, 'config').replace(digests.layer, 'layer');
}

for (const { name, at, answer, times = Number.POSITIVE_INFINITY, want, ...rest } of cases) {
  test(`${name} ends in ${want === 'pulled' ? 'the image' : 'a sentence'}`, {
    timeout: 240_000,
  }, async () => {
    const { failure } = await pull({
      ...rest,
      image,
      script: (hosts) => (asked, response) => {
        if (!at.test(partOf(asked, image)) || asked.attempt >= times) return false;
        answer(response, asked, hosts);
        return true;
      },
    });
    if (want === 'pulled') assert.equal(failure, null);
    else assert.match(failure ?? 'it was pulled', want);
  });
}

/** A registry that wants a token of its own realm, or Basic. */
const wants =
  (challenge: (hosts: Hosts) => string, token: Answer): Pull['script'] =>
  (hosts) =>
  (asked, response) => {
    if (asked.path.startsWith('/token')) {
      token(response, asked, hosts);
      return true;
    }
    const { authorization } = asked.headers;
    if (authorization === `Bearer ${bearerToken}` || authorization === `Basic ${encoded}`)
      return false;
    response.writeHead(401, { 'www-authenticate': challenge(hosts) }).end();
    return true;
  };

const own = ({ registry }: Hosts) => `Bearer realm="http://${registry.address}/token",service="s"`;
const gives = body(JSON.stringify({ token: bearerToken }));
const withPassword = ({ registry }: Hosts) => ({
  auths: { [registry.address]: { auth: encoded } },
});
const withRefresh = ({ registry }: Hosts) => ({
  auths: { [registry.address]: { identitytoken: refreshToken } },
});

interface TokenCase extends Omit<Pull, 'image' | 'script'> {
  readonly name: string;
  readonly challenge?: (hosts: Hosts) => string;
  readonly token: Answer;
  readonly want: RegExp | 'pulled';
  readonly notice?: RegExp;
}

const elsewhere = ({ other }: Hosts) => `http://${other.address}/token`;
const everywhere: Pull['otherScript'] = () => (_, response) => {
  response.end(JSON.stringify({ token: bearerToken }));
  return true;
};

const tokenCases: readonly TokenCase[] = [
  { name: 'a token without an account', token: gives, want: 'pulled' },
  { name: 'a token for a password', token: gives, config: withPassword, want: 'pulled' },
  { name: 'a token for a refresh token', token: gives, config: withRefresh, want: 'pulled' },
  { name: 'no token', token: status(404), want: /gives no token/ },
  { name: 'a token that is not JSON', token: body(`${refreshToken}`), want: /is not JSON$/ },
  {
    name: 'a token that is a number',
    token: body('{"token": 987654321}'),
    want: /gives no token for (?!.*987654321)/,
  },
  {
    name: 'a token that would be two headers',
    token: body('{"token":"a\\r\\nx: y"}'),
    want: /gives no token/,
  },
  {
    name: 'a token without an end',
    token: flood(Buffer.alloc(65_536, 0x20)),
    want: /more than 1048576 bytes$/,
  },
  {
    name: 'a token in drops',
    token: drops,
    patience: impatient,
    want: noEnd,
  },
  { name: 'a token that opens nothing', token: body('{"token":"other"}'), want: /\(401\)$/ },
  {
    name: 'a realm that is missing',
    challenge: () => 'Bearer service="s"',
    token: gives,
    want: /names no realm/,
  },
  {
    name: 'a realm that is a file',
    challenge: () => 'Bearer realm="file:///etc/passwd"',
    token: gives,
    config: withPassword,
    want: /without TLS|inner address/,
  },
  {
    name: 'a realm inside the network',
    challenge: () => 'Bearer realm="https://10.0.0.1/"',
    token: gives,
    config: withPassword,
    want: /inner address 10.0.0.1/,
  },
  {
    name: 'a realm without TLS',
    challenge: () => 'Bearer realm="http://auth.example/"',
    token: gives,
    config: withPassword,
    want: /without TLS/,
  },
  {
    name: 'a realm that leads to itself',
    token: to((_, { path }) => path),
    config: withPassword,
    want: /more than 10 times$/,
  },
  ...[307, 308].map((code) => ({
    name: `a refresh token that ${code} would send elsewhere`,
    token: to(elsewhere, code),
    config: withRefresh,
    otherScript: everywhere,
    want: /would have its token sent to 127.0.0.1:\d+, which is not done$/,
  })),
  ...[301, 302, 303].map((code) => ({
    name: `a refresh token that stays behind at a ${code}`,
    token: to(elsewhere, code),
    config: withRefresh,
    otherScript: everywhere,
    want: 'pulled' as const,
  })),
  ...[301, 302, 303, 307, 308].map((code) => ({
    name: `a password that stays behind at a ${code}`,
    token: to(elsewhere, code),
    config: withPassword,
    otherScript: everywhere,
    want: 'pulled' as const,
  })),
  {
    name: 'a refresh token that stays with its host at a 307',
    token: (response, asked, hosts) => {
      if (asked.path.startsWith('/token/next')) gives(response, asked, hosts);
      else response.writeHead(307, { location: '/token/next' }).end();
    },
    config: withRefresh,
    want: 'pulled',
  },
  {
    name: 'a helper that is missing, for an image that anybody may read',
    token: gives,
    config: () => ({ credsStore: 'not-there' }),
    want: 'pulled',
    notice:
      /docker-credential-not-there cannot be started: no such file or directory; it is passed over$/,
  },
  {
    name: 'a helper that is missing, for an image that nobody may read',
    token: status(401),
    config: () => ({ credsStore: 'not-there' }),
    want: /gives no token|docker-credential-not-there cannot be started/,
  },
  {
    name: 'a helper that is missing, where Basic is wanted',
    challenge: () => 'Basic realm="x"',
    token: gives,
    config: () => ({ credsStore: 'not-there' }),
    want: /\(401\); the credential helper docker-credential-not-there cannot be started/,
  },
  {
    name: 'a helper that fails, and a password in the file',
    challenge: () => 'Basic realm="x"',
    token: gives,
    helpers: { test: `echo ${refreshToken}; exit 3` },
    config: (hosts) => ({ ...withPassword(hosts), credsStore: 'test' }),
    want: 'pulled',
    notice: /docker-credential-test fails with status 3; it is passed over$/,
  },
  {
    name: 'a helper that answers in no JSON',
    token: gives,
    helpers: { test: `echo ${refreshToken}` },
    config: () => ({ credsStore: 'test' }),
    want: 'pulled',
    notice: /gives an answer that cannot be read; it is passed over$/,
  },
  {
    name: 'a helper that has nothing',
    token: gives,
    helpers: { test: "echo 'credentials not found in native keychain'; exit 1" },
    config: () => ({ credsStore: 'test' }),
    want: 'pulled',
  },
  {
    name: 'a helper whose name is a path',
    token: gives,
    config: () => ({ credsStore: '../x' }),
    want: 'pulled',
    notice: /is not the name of a program; it is passed over$/,
  },
  {
    name: 'empty variables, which are those that are not set',
    challenge: () => 'Basic realm="x"',
    token: gives,
    config: withPassword,
    env: {
      DOCKER_CONFIG: '',
      REGISTRY_AUTH_FILE: '',
      XDG_CONFIG_HOME: '',
      XDG_RUNTIME_DIR: '',
      HTTP_PROXY: '',
      http_proxy: '',
      NO_PROXY: '',
    },
    want: 'pulled',
  },
];

for (const { name, challenge = own, token, want, notice, ...rest } of tokenCases) {
  test(`${name}: ${want === 'pulled' ? 'the image' : 'a sentence'}`, {
    timeout: 240_000,
  }, async () => {
    const { failure, notices } = await pull({ ...rest, image, script: wants(challenge, token) });
    if (want === 'pulled') assert.equal(failure, null);
    else assert.match(failure ?? 'it was pulled', want);
    if (notice === undefined) assert.deepEqual(notices, []);
    else assert.match(notices.join('\n'), notice);
  });
}

test('credentials that came to a host by way of another are not sent there', {
  timeout: 240_000,
}, async () => {
  const back: Pull['otherScript'] =
    ({ registry }) =>
    ({ path }, response) => {
      response.writeHead(302, { location: `http://${registry.address}${path}?back` }).end();
      return true;
    };
  const { failure, hosts } = await pull({
    image,
    config: withPassword,
    otherScript: back,
    script:
      (all) =>
      ({ path, headers }, response) => {
        if (path.endsWith('?back')) return false;
        if (headers.authorization === undefined)
          response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        else if (path.includes('/blobs/'))
          response.writeHead(302, { location: `http://${all.other.address}${path}` }).end();
        else return false;
        return true;
      },
  });
  assert.match(failure ?? 'pulled', /404|^pulled$/);
  const returned = hosts.registry.log.filter((request) => request.includes('?back'));
  assert.ok(returned.length > 0);
  for (const request of returned) assert.doesNotMatch(request, /authorization/i);
});
