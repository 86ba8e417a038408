import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type ScriptedImage, scriptedImage } from '../../support/scripted-registry.ts';
import { type Answer, body, drops, flood, impatient, noEnd, status, to } from './answers.ts';
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

/** A name inside the network that is another host than the registry's. */
function named({ address }: Hosts['other']): string {
  return address.replace('127.0.0.1', 'localhost');
}

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
    want: /requires a token, and names no URL to get it from$/,
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
    name: 'a helper that fails with its own reason',
    challenge: () => 'Basic realm="x"',
    token: gives,
    helpers: { test: "echo 'the vault is locked: run vault login'; exit 1" },
    config: () => ({ credsStore: 'test' }),
    want: /\(401\); the credential helper docker-credential-test fails with status 1: "the vault is locked: run vault login"; it is passed over$/,
  },
  ...[`{"Secret": "${refreshToken}"}`, refreshToken].map((text) => ({
    name: `a helper that fails and prints ${text}, which may be a secret`,
    challenge: () => 'Basic realm="x"',
    token: gives,
    helpers: { test: `echo '${text}'; exit 1` },
    config: () => ({ credsStore: 'test' }),
    want: /fails with status 1; it is passed over$/,
  })),
  ...[
    'http://HOST',
    'https://HOST/',
    'https://HOST/v2/',
    'https://HOST/any',
    'HOST/v2',
    'HOST/v1/',
    'HOST/',
  ].map((key) => ({
    name: `a password for ${key}`,
    challenge: () => 'Basic realm="x"',
    token: gives,
    config: ({ registry }: Hosts) => ({
      auths: { [key.replace('HOST', registry.address)]: { auth: encoded } },
    }),
    want: 'pulled' as const,
  })),
  {
    name: 'a password for another namespace, which is not for this one',
    challenge: () => 'Basic realm="x"',
    token: gives,
    config: ({ registry }) => ({ auths: { [`${registry.address}/other`]: { auth: encoded } } }),
    want: /\(401\)$/,
  },
  {
    name: 'a password for a namespace, which counts before that of the host',
    challenge: () => 'Basic realm="x"',
    token: gives,
    config: ({ registry }) => ({
      auths: {
        [registry.address]: { auth: Buffer.from('user:wrong').toString('base64') },
        [`${registry.address}/team`]: { auth: encoded },
      },
    }),
    want: 'pulled',
  },
  {
    name: 'a file that is empty, which has nothing',
    challenge: () => 'Basic realm="x"',
    token: gives,
    config: withPassword,
    env: { REGISTRY_AUTH_FILE: '/dev/null' },
    want: 'pulled',
  },
  {
    name: "a password in Docker's oldest file",
    challenge: () => 'Basic realm="x"',
    token: gives,
    files: ({ registry }) => ({
      '.dockercfg': { [`https://${registry.address}/v1/`]: { auth: encoded } },
    }),
    want: 'pulled',
  },
  {
    name: 'a realm inside the network that the user trusts',
    challenge: ({ other }) => `Bearer realm="http://${named(other)}/token"`,
    token: gives,
    trusted: ({ other }) => [named(other)],
    otherScript: everywhere,
    want: 'pulled',
  },
  {
    name: 'a realm inside the network, and how to trust it',
    challenge: ({ other }) => `Bearer realm="http://${named(other)}/token"`,
    token: gives,
    want: /inner address localhost:\d+ to get a token from, which is not connected to \(--trust-host localhost:\d+ allows it\)$/,
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
