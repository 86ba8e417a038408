import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Asked, type ScriptedImage, scriptedImage } from '../../support/scripted-registry.ts';
import {
  type Answer,
  body,
  drip,
  drops,
  flood,
  head,
  impatient,
  impatientLayer,
  noEnd,
  raw,
  status,
  to,
} from './answers.ts';
import { type Pull, pull } from './scripted-pull.ts';

/** Every way here ends in the image or in one sentence, and shows no secret to another host. */
let image: ScriptedImage;
before(async () => {
  image = await scriptedImage();
});

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
  {
    name: 'a page instead of a manifest',
    at: manifest,
    answer: body('<html>'),
    want: /the server answers with a web page, not with a manifest/,
  },
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
    want: /inner address 127.0.0.2, which is not followed \(--trust-host 127.0.0.2 allows it\)$/,
  },
  {
    name: 'a redirect to localhost',
    at: manifest,
    answer: to(() => 'https://localhost/'),
    want: /not followed \(--trust-host localhost allows it\)$/,
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
