import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DigestMismatch, MalformedArchive, MissingPart, UsageError } from '../../src/errors.ts';
import {
  blobName,
  configOf,
  type Descriptor,
  type FileMap,
  json,
  type LayoutBuilder,
  layerOf,
  layoutBuilder,
  mediaTypes,
  named,
  onPlatform,
  sha256,
  sha512,
  zstdOf,
} from './image-builder.ts';
import { asOrdinaryUser, folder, openAll, summary, writeFolder, writeTar } from './workbench.ts';

const base = await layerOf('etc/os-release', 'bin/busybox');
const app = await layerOf('app');

function index(builder: LayoutBuilder, manifests: readonly Descriptor[], more = {}): Descriptor {
  return builder.blob(json({ schemaVersion: 2, manifests }), mediaTypes.index, more);
}

function twoPlatforms(builder: LayoutBuilder): Descriptor[] {
  return [
    builder.image({ layers: [base] }, onPlatform('amd64')),
    builder.image({ architecture: 'arm64', layers: [app] }, onPlatform('arm64', 'v8')),
  ];
}

interface Case {
  readonly name: string;
  readonly build: (builder: LayoutBuilder) => FileMap;
  readonly selector?: string;
  readonly platform?: string;
  readonly compress?: (layer: Buffer) => Buffer;
  /** `PLACE` stands for the path of the layout. */
  readonly want: readonly string[];
}

const all = 'etc/os-release bin/busybox | app';

const cases: readonly Case[] = [
  {
    name: 'an image without a name takes that of its layout',
    build: (b) => b.index(b.image({ layers: [base, app] })),
    want: [`PLACE linux/amd64: ${all}`],
  },
  {
    name: 'raw layers are read by position',
    compress: (layer) => layer,
    build: (b) => b.index(b.image({ layers: [base, app] }, named('v1'))),
    want: [`PLACE:v1 linux/amd64: ${all}`],
  },
  {
    name: 'zstd layers are told by their bytes, whatever their media type says',
    compress: zstdOf,
    build: (b) => b.index(b.image({ layers: [base, app] }, named('v1'))),
    want: [`PLACE:v1 linux/amd64: ${all}`],
  },
  {
    name: 'a layer of several gzip members (estargz, pigz) is one layer',
    compress: (layer) =>
      Buffer.concat([gzipSync(layer.subarray(0, 700)), gzipSync(layer.subarray(700))]),
    build: (b) => b.index(b.image({ layers: [base, app] })),
    want: [`PLACE linux/amd64: ${all}`],
  },
  {
    name: 'every name is an image',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }, named('v1')),
        b.image({ layers: [app] }, named('repo:v2')),
      ),
    want: ['PLACE:v1 linux/amd64: etc/os-release bin/busybox', 'repo:v2 linux/amd64: app'],
  },
  {
    name: 'a tag chooses',
    selector: ':v2',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }, named('v1')),
        b.image({ layers: [app] }, named('repo:v2')),
      ),
    want: ['repo:v2 linux/amd64: app'],
  },
  {
    name: 'two names of one image are judged once',
    build: (b) =>
      b.index(b.image({ layers: [app] }, named('v1')), b.image({ layers: [app] }, named('v2'))),
    want: ['PLACE:v1 linux/amd64: app'],
  },
  {
    name: 'a platform chooses in a nested index',
    platform: 'arm64',
    build: (b) => b.index(index(b, twoPlatforms(b), named('v1'))),
    want: ['PLACE:v1 linux/arm64: app'],
  },
  {
    name: 'an index in an index in an index is read',
    platform: 'linux/amd64',
    build: (b) => b.index(index(b, [index(b, [index(b, twoPlatforms(b))])])),
    want: ['PLACE linux/amd64: etc/os-release bin/busybox'],
  },
  {
    name: 'all platforms are all targets',
    platform: 'all',
    build: (b) => b.index(...twoPlatforms(b)),
    want: ['PLACE linux/amd64: etc/os-release bin/busybox', 'PLACE linux/arm64: app'],
  },
  {
    name: 'without platforms in the index, the configs tell',
    platform: 'linux/arm/v6',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }),
        b.image({ architecture: 'arm', variant: 'v6', layers: [app] }),
        b.image({ architecture: 'arm', variant: 'v7', layers: [base] }),
      ),
    want: ['PLACE linux/arm/v6: app'],
  },
  {
    name: 'the only image is taken on any machine',
    build: (b) => b.index(b.image({ architecture: 's390x', layers: [app] }, onPlatform('s390x'))),
    want: ['PLACE linux/s390x: app'],
  },
  {
    name: 'attestations are no images',
    build: (b) => {
      const attestation = {
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      };
      const manifest = b.blob(json({ config: {}, layers: [] }), mediaTypes.manifest, attestation);
      return b.index(
        index(b, [
          b.image({ architecture: 'riscv64', layers: [app] }, onPlatform('riscv64')),
          manifest,
        ]),
      );
    },
    want: ['PLACE linux/riscv64: app'],
  },
  {
    name: 'platforms that were never pulled do not matter',
    build: (b) => {
      const absent = {
        ...onPlatform('amd64'),
        mediaType: mediaTypes.manifest,
        digest: sha256('absent'),
        size: 6,
      };
      return b.index(
        index(b, [
          absent,
          b.image({ architecture: 'mips64le', layers: [app] }, onPlatform('mips64le')),
        ]),
      );
    },
    want: ['PLACE linux/mips64le: app'],
  },
];

for (const { name, build, want, selector = '', platform, compress } of cases) {
  for (const [form, write] of [
    ['directory', writeFolder],
    ['tar', writeTar],
  ] as const) {
    test(`${form}: ${name}`, async (t) => {
      const path = await write(t, build(layoutBuilder(compress)));
      const opened = await openAll(path + selector, platform === undefined ? {} : { platform });
      assert.deepEqual(
        summary(opened).map((line) => line.replace(path, 'PLACE')),
        want,
      );
      assert.deepEqual(
        opened.targets.flatMap(({ problems }) => problems),
        [],
      );
    });
  }
}

test('a digest chooses an image or an index', async (t) => {
  const builder = layoutBuilder();
  const [amd64, arm64] = twoPlatforms(builder);
  assert.ok(amd64 && arm64);
  const both = index(builder, [amd64, arm64]);
  const path = writeFolder(t, builder.index(both));
  assert.deepEqual(summary(await openAll(`${path}@${arm64.digest}`)), [`${path} linux/arm64: app`]);
  assert.equal(
    (await openAll(`oci-dir:${path}@${both.digest}`, { platform: 'all' })).targets.length,
    2,
  );
});

test('a target carries what the config says', async (t) => {
  const builder = layoutBuilder();
  const more = {
    created: '2024-01-01T00:00:00Z',
    config: {
      User: 'app',
      Entrypoint: ['/app'],
      Cmd: null,
      Env: ['A=1'],
      WorkingDir: '/srv',
      Labels: { a: 'b' },
    },
    history: [
      { created_by: 'COPY rootfs' },
      { created_by: 'ENV A=1', empty_layer: true },
      { created_by: 'COPY app' },
    ],
  };
  const manifest = builder.image({ layers: [base, app], more });
  const { targets } = await openAll(writeFolder(t, builder.index(manifest)));
  const [target] = targets;
  assert.deepEqual(target?.config, {
    created: '2024-01-01T00:00:00Z',
    user: 'app',
    entrypoint: ['/app'],
    cmd: [],
    env: ['A=1'],
    workingDirectory: '/srv',
    labels: { a: 'b' },
  });
  assert.equal(target?.digest, manifest.digest);
  assert.deepEqual(
    target?.layers.map(({ createdBy }) => createdBy),
    ['COPY rootfs', 'COPY app'],
  );
  assert.deepEqual(
    target?.layers.map(({ diffId }) => diffId),
    [sha256(base), sha256(app)],
  );
});

test('blobs may be symbolic links to regular files, in the directory or out of it', async (t) => {
  const builder = layoutBuilder();
  const path = writeFolder(t, builder.index(builder.image({ layers: [app] })));
  const store = folder(t);
  renameSync(join(path, 'blobs/sha256'), join(store, 'sha256'));
  mkdirSync(join(path, 'blobs/sha256'));
  for (const name of builder.files.keys()) {
    if (name.startsWith('blobs/'))
      symlinkSync(join(store, name.slice('blobs/'.length)), join(path, name));
  }
  assert.deepEqual(summary(await openAll(path)), [`${path} linux/amd64: app`]);
});

test('a layer is hashed to its end though its tar ends early', async (t) => {
  const builder = layoutBuilder();
  const longer = Buffer.concat([app, Buffer.alloc(3_000_000, 7)]);
  const good = builder.image({ layers: [longer] }, named('good'));
  const bad = builder.image({ layers: [longer], diffIds: [sha256(app)] }, named('bad'));
  const { walks } = await openAll(writeFolder(t, builder.index(good, bad)));
  assert.deepEqual(
    walks.map(([walk]) => walk?.damage?.name),
    [undefined, 'DigestMismatch'],
  );
});

const refused = [
  { name: 'an unknown tag', selector: ':v9', says: /holds no image v9: it holds v1, v2/ },
  { name: 'an unknown digest', selector: `@${sha256('x')}`, says: /holds no image @sha256:/ },
  {
    name: 'a platform that is not there',
    selector: ':v1',
    platform: 'linux/s390x',
    says: /no image for linux\/s390x: it holds linux\/amd64, linux\/arm64/,
  },
  {
    name: 'a platform that contradicts the only image',
    selector: ':v2',
    platform: 'linux/s390x',
    says: /no image for linux\/s390x: it holds linux\/amd64$/,
  },
  {
    name: 'a platform that is none',
    selector: '',
    platform: 'toaster',
    says: /unknown platform "toaster"/,
  },
  {
    name: 'a platform that several images have',
    selector: ':v3',
    platform: 'amd64',
    says: /holds 2 images for linux\/amd64, expected one: choose @sha256:\w+ or @sha256:/,
  },
];

for (const { name, selector, platform, says } of refused) {
  test(`${name} is a usage error that lists what is there`, async (t) => {
    const b = layoutBuilder();
    const twins = [
      b.image({ layers: [app] }, named('v3')),
      b.image({ layers: [base, app] }, named('v3')),
    ];
    const path = writeFolder(
      t,
      b.index(
        index(b, twoPlatforms(b), named('v1')),
        b.image({ layers: [app] }, named('v2')),
        ...twins,
      ),
    );
    const attempt = openAll(path + selector, platform === undefined ? {} : { platform });
    await assert.rejects(
      attempt,
      (error) =>
        error instanceof UsageError && says.test(error.message) && !error.message.includes('\n'),
    );
  });
}

interface Broken {
  readonly name: string;
  readonly harm: (builder: LayoutBuilder, manifest: Descriptor) => void;
  /** Problem kinds of the target, then what each layer's walk ends with. */
  readonly want: readonly (string | null)[];
  readonly says: RegExp;
}

const layerName = blobName(sha256(gzipSync(base)));

const broken: readonly Broken[] = [
  {
    name: 'a layer with other bytes',
    harm: (b) => b.files.set(layerName, gzipSync(base, { level: 1 })),
    want: ['DigestMismatch', null],
    says: /the blob has/,
  },
  {
    name: 'a layer with other bytes of the same length',
    harm: (b) => {
      const bytes = Buffer.from(b.files.get(layerName) ?? '');
      bytes[8] = 99; // XFL of the gzip header, which no reader minds
      b.files.set(layerName, bytes);
    },
    want: ['DigestMismatch', null],
    says: /has the digest sha256:\w+, expected sha256:/,
  },
  {
    name: 'a truncated layer',
    harm: (b) => b.files.set(layerName, gzipSync(base).subarray(0, 60)),
    want: ['DigestMismatch', null],
    says: /the blob has 60 bytes, its descriptor says \d+; reading it ended with: /,
  },
  {
    name: 'a missing layer',
    harm: (b) => b.files.delete(layerName),
    want: ['missing', null, null],
    says: /the layer sha256:\w+ is not here/,
  },
  {
    name: 'a missing manifest',
    harm: (b, manifest) => b.files.delete(blobName(manifest.digest)),
    want: ['missing'],
    says: /the manifest sha256:\w+ is not here/,
  },
  {
    name: 'a manifest with other bytes',
    harm: (b, manifest) => b.files.set(blobName(manifest.digest), json({})),
    want: ['digest-mismatch'],
    says: /has 2 bytes, its descriptor says/,
  },
];

for (const { name, harm, want, says } of broken) {
  test(`${name} is told, and the rest is read`, async (t) => {
    const builder = layoutBuilder();
    const manifest = builder.image({ layers: [base, app] });
    const files = builder.index(manifest);
    harm(builder, manifest);
    const { targets, walks } = await openAll(writeFolder(t, files));
    const problems = targets[0]?.problems ?? [];
    const ends = (walks[0] ?? []).map(({ damage }) => damage?.name ?? null);
    assert.deepEqual([...problems.map(({ kind }) => kind), ...ends], want);
    const messages = [
      ...problems.map(({ message }) => message),
      ...(walks[0] ?? []).map(({ damage }) => damage?.message ?? ''),
    ];
    assert.match(messages.join('\n'), says);
    if (walks[0]?.[1]) assert.deepEqual(walks[0][1].paths, ['app']);
  });
}

const hostile: readonly {
  readonly name: string;
  readonly files: FileMap;
  readonly throws: unknown;
  readonly says: RegExp;
}[] = [
  {
    name: 'index.json that is no JSON',
    files: layout('{'),
    throws: MalformedArchive,
    says: /index.json is not JSON/,
  },
  {
    name: 'an index without manifests',
    files: layout('{}'),
    throws: MalformedArchive,
    says: /index.json has no manifests/,
  },
  {
    name: 'an index of nothing',
    files: layout('{"manifests":[]}'),
    throws: MalformedArchive,
    says: /lists no image/,
  },
  {
    name: 'a digest that is a path',
    files: layout('{"manifests":[{"digest":"sha256:../../../etc/passwd","size":1}]}'),
    throws: MalformedArchive,
    says: /index.json.manifests\[0\].digest is "sha256:..\/..\/..\/etc\/passwd", expected/,
  },
  {
    name: 'a digest of an unknown algorithm',
    files: layout('{"manifests":[{"digest":"md5:d41d8cd98f00b204e9800998ecf8427e","size":1}]}'),
    throws: MalformedArchive,
    says: /expected sha256: or sha512:/,
  },
  {
    name: 'a negative size',
    files: layout(`{"manifests":[{"digest":"${sha256('x')}","size":-1}]}`),
    throws: MalformedArchive,
    says: /size is -1/,
  },
  {
    name: 'another version of the layout',
    files: layout('{"manifests":[]}', '2.0.0'),
    throws: MalformedArchive,
    says: /imageLayoutVersion is "2.0.0", expected 1.0.0/,
  },
  {
    name: 'no index.json for an explicit scheme',
    files: new Map([['oci-layout', json({ imageLayoutVersion: '1.0.0' })]]),
    throws: MissingPart,
    says: /no index.json/,
  },
];

function layout(indexText: string, version = '1.0.0'): FileMap {
  return new Map([
    ['oci-layout', json({ imageLayoutVersion: version })],
    ['index.json', Buffer.from(indexText)],
  ]);
}

for (const { name, files, throws, says } of hostile) {
  test(`hostile layout: ${name}`, async (t) => {
    const path = writeFolder(t, files);
    await assert.rejects(
      openAll(`oci-dir:${path}`),
      (error) => error instanceof Error && error.constructor === throws && says.test(error.message),
    );
  });
}

test('a document over the limit is not read', async (t) => {
  const builder = layoutBuilder();
  const path = writeFolder(
    t,
    builder.index(builder.image({ layers: [app], more: { comment: 'x'.repeat(5000) } })),
  );
  const { targets } = await openAll(path, { limits: { maxDocumentSize: 4000 } });
  assert.deepEqual(
    targets.map(({ problems }) => problems.map(({ kind }) => kind)),
    [['limit']],
  );
});

test('an index that lists itself ever deeper ends', async (t) => {
  const builder = layoutBuilder();
  let inner = builder.image({ layers: [app] });
  for (let depth = 0; depth < 20; depth += 1) inner = index(builder, [inner, inner]);
  const { targets } = await openAll(writeFolder(t, builder.index(inner)));
  assert.deepEqual(
    targets.flatMap(({ problems }) => problems.map(({ kind }) => kind)),
    ['limit'],
  );
});

test('a document that is index and manifest at once is refused', async (t) => {
  const builder = layoutBuilder();
  const config = builder.blob(json({}), mediaTypes.config);
  const both = builder.blob(json({ config, layers: [], manifests: [] }), mediaTypes.manifest);
  const { targets } = await openAll(writeFolder(t, builder.index(both)));
  assert.match(targets[0]?.problems[0]?.message ?? '', /has manifests, expected an image manifest/);
});

test('an artifact that is no image says so', async (t) => {
  const builder = layoutBuilder();
  const config = builder.blob(json({}), 'application/vnd.cncf.helm.config.v1+json');
  const { targets } = await openAll(
    writeFolder(t, builder.index(builder.blob(json({ config, layers: [] }), mediaTypes.manifest))),
  );
  assert.match(
    targets[0]?.problems[0]?.message ?? '',
    /is no image: its config is of type application\/vnd.cncf.helm/,
  );
});

test('a blob that is a directory or a link to itself is damage of its image alone', async (t) => {
  const builder = layoutBuilder();
  const good = builder.image({ layers: [app] }, named('good'));
  const absent = (name: string) => ({
    digest: sha256(name),
    size: 1,
    mediaType: mediaTypes.manifest,
    ...named(name),
  });
  const path = writeFolder(t, builder.index(good, absent('folder'), absent('loop')));
  mkdirSync(join(path, blobName(sha256('folder'))));
  const loop = join(path, blobName(sha256('loop')));
  symlinkSync(loop, loop);
  const { targets, walks } = await openAll(path);
  assert.deepEqual(
    targets.map(({ problems }) => problems.map(({ kind }) => kind)),
    [[], ['damaged'], ['damaged']],
  );
  assert.deepEqual(walks[0]?.[0]?.paths, ['app']);
});

test('layers and diff_ids that differ in number are told', async (t) => {
  const builder = layoutBuilder();
  const { targets } = await openAll(
    writeFolder(t, builder.index(builder.image({ layers: [app], diffIds: [] }))),
  );
  assert.match(
    targets[0]?.problems[0]?.message ?? '',
    /names 1 layers, but the config has 0 diff_ids/,
  );
});

test('a wrong diffID is told by the name of the digests', async (t) => {
  const builder = layoutBuilder();
  const { walks } = await openAll(
    writeFolder(t, builder.index(builder.image({ layers: [app], diffIds: [sha256('other')] }))),
  );
  const [walk] = walks[0] ?? [];
  assert.deepEqual(walk?.paths, ['app']);
  assert.ok(walk?.damage instanceof DigestMismatch);
  assert.match(
    walk.damage.message,
    new RegExp(`has the digest ${sha256(app)}, the image config says ${sha256('other')}`),
  );
});

test('a file in the directory that is not named by a digest is not read', async (t) => {
  const builder = layoutBuilder();
  const path = writeFolder(t, builder.index(builder.image({ layers: [app] })));
  writeFileSync(join(path, 'blobs/sha256/readme'), 'hello');
  assert.deepEqual(summary(await openAll(path)), [`${path} linux/amd64: app`]);
});

test('sha512 digests are verified like any other', async (t) => {
  const builder = layoutBuilder();
  const strong = (bytes: Buffer, mediaType: string, more = {}) => {
    builder.files.set(blobName(sha512(bytes)), bytes);
    return { mediaType, digest: sha512(bytes), size: bytes.length, ...more };
  };
  const imageOf = (name: string, diffId: string) => {
    const config = strong(configOf({ layers: [], diffIds: [diffId] }), mediaTypes.config);
    const layers = [builder.blob(gzipSync(app), mediaTypes.layer)];
    return strong(json({ config, layers }), mediaTypes.manifest, named(name));
  };
  const manifests = [imageOf('good', sha512(app)), imageOf('bad', sha512(base))];
  const { targets, walks } = await openAll(writeFolder(t, builder.index(...manifests)));
  assert.deepEqual(
    targets.map(({ digest }) => digest),
    manifests.map(({ digest }) => digest),
  );
  assert.deepEqual(
    walks.map(([walk]) => walk?.damage?.name),
    [undefined, 'DigestMismatch'],
  );
});

test('a layer without permission is told, and the rest is read', async (t) => {
  const builder = layoutBuilder();
  const path = writeFolder(t, builder.index(builder.image({ layers: [base, app] })));
  chmodSync(path, 0o755);
  chmodSync(join(path, layerName), 0);
  const { walks } = await asOrdinaryUser(() => openAll(path));
  assert.deepEqual(
    walks[0]?.map(({ damage }) => damage?.name),
    ['UnreadablePart', undefined],
  );
});
