import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chooseChallenge } from '../../../src/sources/registry/challenge.ts';
import { type ScriptedImage, scriptedImage } from '../../support/scripted-registry.ts';
import { bearerToken, encoded, pull } from './scripted-pull.ts';

let image: ScriptedImage;
before(async () => {
  image = await scriptedImage();
});

const full = {
  scheme: 'bearer',
  realm: 'https://auth/token',
  service: 'reg',
  scope: 'repository:a:pull',
};
const bearer = { scheme: 'bearer', realm: 'https://auth/token', service: '', scope: '' };
const basic = { scheme: 'basic' };

/** RFC 9110, section 11.6.1, and what registries make of it. */
const forms: readonly { lines: readonly string[]; want: object | null }[] = [
  { lines: ['Basic realm="x"'], want: basic },
  { lines: ['Basic'], want: basic },
  { lines: ['BASIC realm=x, charset="UTF-8"'], want: basic },
  {
    lines: ['Bearer realm="https://auth/token",service="reg",scope="repository:a:pull"'],
    want: full,
  },
  {
    lines: ['bearer realm=https://auth/token, service=reg, scope="repository:a:pull"'],
    want: full,
  },
  {
    lines: ['Bearer realm = "https://auth/token" , service = "reg", scope ="repository:a:pull"'],
    want: full,
  },
  {
    lines: ['Bearer realm="https://auth/token" service="reg" scope="repository:a:pull"'],
    want: full,
  },
  {
    lines: ['BEARER REALM="https://auth/token",SERVICE="reg",SCOPE="repository:a:pull"'],
    want: full,
  },
  {
    lines: [
      'Basic realm="x", Bearer realm="https://auth/token",service="reg",scope="repository:a:pull"',
    ],
    want: full,
  },
  {
    lines: [
      'Bearer realm="https://auth/token",service="reg",scope="repository:a:pull",Basic realm="x"',
    ],
    want: full,
  },
  { lines: ['Bearer realm="https://auth/token"', 'Basic realm="x"'], want: bearer },
  { lines: ['Basic realm="x"', 'Bearer realm="https://auth/token"'], want: bearer },
  { lines: ['Negotiate, Basic realm="x"'], want: basic },
  { lines: ['Negotiate YIIB6gYGKwYBBQ==, Bearer realm="https://auth/token"'], want: bearer },
  { lines: ['Negotiate abc=, NTLM, Basic realm="x"'], want: basic },
  { lines: ['Digest realm="x", nonce="a, Bearer realm=\\"y\\"", Basic realm="x"'], want: basic },
  { lines: ['Basic realm="say \\"Bearer realm=https://evil/\\""'], want: basic },
  { lines: ['Basic realm="a, Bearer realm=https://evil/"'], want: basic },
  { lines: [', ,Basic realm="x",, , Bearer realm="https://auth/token",'], want: bearer },
  { lines: ['Bearer realm="https:\\//auth/token"'], want: bearer },
  { lines: ['Bearer realm="https://auth/token",realm="https://evil/"'], want: bearer },
  { lines: ['Bearer error="invalid_token", Bearer realm="https://auth/token"'], want: bearer },
  { lines: ['Bearer service="s", Basic realm="x"'], want: basic },
  { lines: ['Bearer realm="https://auth/token'], want: null },
  { lines: ['Bearer realm="cut', 'Basic realm="x"'], want: basic },
  { lines: ['Basic realm="x", Bearer realm="cut'], want: basic },
  { lines: ['Bearer'], want: { scheme: 'bearer', realm: '', service: '', scope: '' } },
  { lines: ['Negotiate'], want: null },
  { lines: ['"quoted"', '=', ',', '{}'], want: null },
  { lines: [`${'Bearer '.repeat(900)}`, `${'a=,'.repeat(1500)}`], want: { ...bearer, realm: '' } },
  { lines: [''], want: null },
  { lines: [], want: null },
];

for (const { lines, want } of forms) {
  test(`the challenge ${JSON.stringify(lines).slice(0, 120)} is understood`, () => {
    assert.deepEqual(chooseChallenge(lines), want);
  });
}

for (const { lines, want } of forms) {
  const scheme =
    want === null
      ? null
      : 'realm' in want && want.realm !== ''
        ? 'Bearer'
        : want === basic
          ? 'Basic'
          : null;
  test(`a registry that asks by ${JSON.stringify(lines).slice(0, 120)} ${scheme === null ? 'gets no answer' : `is answered by ${scheme}`}`, {
    timeout: 240_000,
  }, async () => {
    const answers: (string | undefined)[] = [];
    const { failure } = await pull({
      image,
      config: ({ registry }) => ({ auths: { [registry.address]: { auth: encoded } } }),
      script:
        ({ registry }) =>
        ({ path, headers }, response) => {
          if (path.startsWith('/token')) {
            response.end(JSON.stringify({ token: bearerToken }));
            return true;
          }
          answers.push(headers.authorization);
          const right = scheme === 'Bearer' ? `Bearer ${bearerToken}` : `Basic ${encoded}`;
          if (headers.authorization === right) return false;
          const asked = lines.map((line) =>
            line
              .replaceAll('https://auth', `http://${registry.address}`)
              .replaceAll('https:\\//auth', `http:\\//${registry.address}`),
          );
          response.writeHead(401, { 'www-authenticate': asked }).end();
          return true;
        },
    });
    if (scheme === null)
      assert.match(failure ?? 'it was pulled', /\(401\)$|names no URL to get it from/);
    else assert.equal(failure, null);
    for (const answer of answers.slice(1)) assert.match(answer ?? '', new RegExp(`^${scheme} `));
  });
}
