import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MalformedArchive, UsageError } from '../../src/errors.ts';
import {
  blobName,
  configOf,
  json,
  layerOf,
  sha256,
  type TarItem,
  tarOf,
  zstdOf,
} from './image-builder.ts';
import { openAll, summary, writeFile } from './workbench.ts';

const base = await layerOf('etc/os-release', 'bin/busybox');
const app = await layerOf('app');
const config = configOf({ layers: [base, app] });
const configName = `${sha256(config).slice('sha256:'.length)}.json`;

function manifest(
  layers: readonly string[],
  tags: readonly string[] | null = ['repo:v1'],
  name = configName,
): TarItem {
  return { name: 'manifest.json', body: json([{ Config: name, RepoTags: tags, Layers: layers }]) };
}

const configItem: TarItem = { name: configName, body: config };
const combined = [sha256(base), sha256(app)].map(blobName);

const want = 'repo:v1 linux/amd64: etc/os-release bin/busybox | app';

const ages: readonly {
  readonly name: string;
  readonly items: readonly TarItem[];
  readonly want?: string;
}[] = [
  {
    name: 'the legacy layout',
    items: [
      { name: 'a/layer.tar', body: base },
      { name: 'b/layer.tar', body: app },
      configItem,
      manifest(['a/layer.tar', 'b/layer.tar']),
    ],
  },
  {
    name: 'a layer that is a symbolic link to another',
    items: [
      { name: 'a/layer.tar', body: base },
      { name: 'b/layer.tar', body: app },
      { name: 'c/layer.tar', type: 'symlink', linkname: '../b/layer.tar' },
      { name: 'd/layer.tar', type: 'symlink', linkname: '../c/layer.tar' },
      configItem,
      manifest(['a/layer.tar', 'd/layer.tar']),
    ],
  },
  {
    name: 'a layer that is a hard link to another',
    items: [
      { name: 'a/layer.tar', body: base },
      { name: 'x', body: app },
      { name: 'b/layer.tar', type: 'link', linkname: './x' },
      configItem,
      manifest(['a/layer.tar', 'b/layer.tar']),
    ],
  },
  {
    name: 'names that begin with ./',
    items: [
      { name: './a/layer.tar', body: base },
      { name: './b/layer.tar', body: app },
      { ...configItem, name: `./${configName}` },
      { ...manifest(['a/layer.tar', 'b/layer.tar']), name: './manifest.json' },
    ],
  },
  {
    name: 'the combined layout since Docker 25',
    items: [
      { name: 'blobs/', type: 'directory' },
      { name: blobName(sha256(config)), body: config },
      ...[base, app].map((layer) => ({ name: blobName(sha256(layer)), body: layer })),
      { name: 'index.json', body: json({ manifests: [{ digest: sha256('absent'), size: 1 }] }) },
      manifest(combined, ['repo:v1'], blobName(sha256(config))),
      { name: 'oci-layout', body: json({ imageLayoutVersion: '1.0.0' }) },
    ],
  },
  {
    name: 'compressed layers',
    items: [
      { name: 'a.tar.gz', body: gzipSync(base) },
      { name: 'b', body: zstdOf(app) },
      configItem,
      manifest(['a.tar.gz', 'b']),
    ],
  },
  {
    name: 'an image without a name',
    items: [
      { name: 'a.tar', body: base },
      { name: 'b.tar', body: app },
      configItem,
      manifest(['a.tar', 'b.tar'], null),
    ],
    want: want.replace('repo:v1', 'PLACE'),
  },
  {
    name: 'entries that are replaced later in the tar',
    items: [
      { name: 'a.tar', body: app },
      { name: 'b.tar', body: app },
      { name: 'a.tar', body: base },
      configItem,
      manifest(['a.tar', 'b.tar']),
    ],
  },
];

for (const { name, items, want: line = want } of ages) {
  for (const [form, compress] of [
    ['raw', (tar: Buffer) => tar],
    ['gzip', gzipSync],
    ['zstd', zstdOf],
  ] as const) {
    test(`${form}: ${name} is read`, async (t) => {
      const path = writeFile(t, compress(await tarOf(items)));
      const opened = await openAll(path);
      assert.deepEqual(
        summary(opened).map((each) => each.replace(path, 'PLACE')),
        [line],
      );
      assert.deepEqual(
        opened.targets.map(({ scheme, digest }) => [scheme, digest]),
        [['docker-archive', sha256(config)]],
      );
      assert.deepEqual(
        opened.targets.flatMap(({ problems }) => problems),
        [],
      );
    });
  }
}

test('unpacking a compressed archive leaves no file behind', async (t) => {
  const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith('hullcheck-'));
  const path = writeFile(
    t,
    gzipSync(
      await tarOf([
        { name: 'a.tar', body: base },
        { name: 'b.tar', body: app },
        configItem,
        manifest(['a.tar', 'b.tar']),
      ]),
    ),
  );
  const before = ours();
  await openAll(path);
  assert.deepEqual(ours(), before);
});

const arm = configOf({ architecture: 'arm64', layers: [app] });

function severalImages(): Promise<Buffer> {
  return tarOf([
    { name: 'a.tar', body: base },
    { name: 'b.tar', body: app },
    configItem,
    { name: 'arm.json', body: arm },
    {
      name: 'manifest.json',
      body: json([
        {
          Config: configName,
          RepoTags: ['repo:v1', 'docker.io/library/other:latest'],
          Layers: ['a.tar', 'b.tar'],
        },
        { Config: 'arm.json', RepoTags: ['localhost:5000/team/app:v2'], Layers: ['b.tar'] },
      ]),
    },
  ]);
}

const second = 'localhost:5000/team/app:v2 linux/arm64: app';
const choices = [
  { name: 'all are targets', selector: '', want: [want, second] },
  { name: 'a name chooses', selector: ':repo:v1', want: [want] },
  { name: 'a name with a port chooses', selector: ':localhost:5000/team/app:v2', want: [second] },
  {
    name: 'a short name chooses, and is shown whole',
    selector: ':other',
    want: [want.replace('repo:v1', 'docker.io/library/other:latest')],
  },
  { name: 'a config digest chooses', selector: `@${sha256(arm)}`, want: [second] },
  { name: 'a platform chooses', selector: '', platform: 'arm64', want: [second] },
  { name: 'all platforms are all', selector: '', platform: 'all', want: [want, second] },
];

for (const { name, selector, platform, want: lines } of choices) {
  test(`of several images, ${name}`, async (t) => {
    const path = writeFile(t, await severalImages(), 'several:images.tar');
    assert.deepEqual(
      summary(await openAll(path + selector, platform === undefined ? {} : { platform })),
      lines,
    );
  });
}

const refused = [
  {
    name: 'an unknown name',
    selector: ':repo:v9',
    says: /no image repo:v9: it holds repo:v1, docker.io\/library\/other:latest, localhost:5000/,
  },
  {
    name: 'a platform that is not there',
    selector: '',
    platform: 's390x',
    says: /no image for linux\/s390x: it holds linux\/amd64, linux\/arm64/,
  },
];

for (const { name, selector, platform, says } of refused) {
  test(`${name} is a usage error that lists what is there`, async (t) => {
    const path = writeFile(t, await severalImages());
    const attempt = openAll(path + selector, platform === undefined ? {} : { platform });
    await assert.rejects(
      attempt,
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}

test('an archive of Docker before 1.10 is refused by one sentence', async (t) => {
  const path = writeFile(
    t,
    await tarOf([
      { name: 'a/layer.tar', body: base },
      { name: 'repositories', body: '{}' },
    ]),
  );
  await assert.rejects(
    openAll(path),
    (error) => error instanceof UsageError && /save it again/.test(error.message),
  );
});

interface Broken {
  readonly name: string;
  readonly items: readonly TarItem[];
  /** Problem kinds of the target, then what each layer's walk ends with. */
  readonly want: readonly (string | null)[];
  readonly says: RegExp;
}

const layers: readonly TarItem[] = [
  { name: 'a.tar', body: base },
  { name: 'b.tar', body: app },
];
const loop: readonly TarItem[] = [
  { name: 'a.tar', type: 'symlink', linkname: 'b.tar' },
  { name: 'b.tar', type: 'link', linkname: 'a.tar' },
];

const broken: readonly Broken[] = [
  {
    name: 'a missing layer',
    items: [configItem, { name: 'b.tar', body: app }, manifest(['a.tar', 'b.tar'])],
    want: ['missing', null, null],
    says: /the layer a.tar is not here/,
  },
  {
    name: 'a missing config',
    items: [...layers, manifest(['a.tar', 'b.tar'])],
    want: ['missing'],
    says: /the config [0-9a-f]+.json is not here/,
  },
  {
    name: 'layers that link to each other',
    items: [...loop, configItem, manifest(['a.tar', 'b.tar'])],
    want: ['damaged'],
    says: /a.tar is a link that leads back to itself/,
  },
  {
    name: 'a layer that is a directory',
    items: [{ name: 'a.tar', type: 'directory' }, configItem, manifest(['a.tar'])],
    want: ['damaged'],
    says: /a.tar is a directory, expected a file/,
  },
  {
    name: 'layers in the wrong order',
    items: [...layers, configItem, manifest(['b.tar', 'a.tar'])],
    want: ['DigestMismatch', 'DigestMismatch'],
    says: /the uncompressed layer has the digest/,
  },
  {
    name: 'a config with other bytes',
    items: [...layers, { name: configName, body: arm }, manifest(['a.tar', 'b.tar'])],
    want: ['digest-mismatch'],
    says: /has the digest sha256:\w+, expected/,
  },
  {
    name: 'a blob that is not its digest',
    items: [
      { name: combined[0] ?? '', body: app },
      { name: combined[1] ?? '', body: app },
      configItem,
      manifest(combined),
    ],
    want: ['DigestMismatch', null],
    says: /the blob has the digest/,
  },
  {
    name: 'a link out of the archive',
    items: [
      { name: 'a.tar', type: 'symlink', linkname: '../../../etc/passwd' },
      { name: 'b.tar', body: app },
      configItem,
      manifest(['a.tar', 'b.tar']),
    ],
    want: ['missing', null, null],
    says: /a.tar is not here/,
  },
  {
    name: 'a config of the wrong shape',
    items: [
      { name: 'c.json', body: json({ rootfs: { diff_ids: 'x' } }) },
      manifest([], null, 'c.json'),
    ],
    want: ['damaged'],
    says: /c.json.rootfs.diff_ids is a string, expected an array/,
  },
];

for (const { name, items, want: ends, says } of broken) {
  test(`${name} is told`, async (t) => {
    const { targets, walks } = await openAll(writeFile(t, await tarOf(items)));
    const problems = targets[0]?.problems ?? [];
    const walked = walks[0] ?? [];
    assert.deepEqual(
      [...problems.map(({ kind }) => kind), ...walked.map(({ damage }) => damage?.name ?? null)],
      ends,
    );
    assert.match(
      [...problems, ...walked.map(({ damage }) => damage)].map((each) => each?.message).join('\n'),
      says,
    );
  });
}

const hostile = [
  { body: '{', says: /manifest.json is not JSON/ },
  { body: '{}', says: /manifest.json is an object, expected an array/ },
  { body: '[]', says: /lists no image/ },
  { body: '[{"Config":1}]', says: /manifest.json\[0\].Config is 1, expected a string/ },
  {
    body: '[{"Config":"a","Layers":[{}]}]',
    says: /manifest.json\[0\].Layers\[0\] is an object, expected a string/,
  },
];

for (const { body, says } of hostile) {
  test(`manifest.json ${body} is damage`, async (t) => {
    const path = writeFile(t, await tarOf([{ name: 'manifest.json', body }]));
    await assert.rejects(
      openAll(path),
      (error) => error instanceof MalformedArchive && says.test(error.message),
    );
  });
}

test('a truncated archive is read as far as it goes', async (t) => {
  const whole = await tarOf([
    configItem,
    manifest(['a.tar', 'b.tar']),
    { name: 'b.tar', body: app },
    { name: 'a.tar', body: base },
  ]);
  for (const bytes of [whole.subarray(0, -2048), gzipSync(whole).subarray(0, -60)]) {
    const { targets, walks } = await openAll(writeFile(t, bytes));
    assert.equal(targets[0]?.problems[0]?.kind, 'damaged');
    const [, last] = walks[0] ?? [];
    assert.deepEqual([last?.paths, last?.damage], [['app'], null]);
  }
});

test('a truncated archive whose manifest is gone is damaged, not empty', async (t) => {
  const whole = await tarOf([...layers, configItem, manifest(['a.tar', 'b.tar'])]);
  await assert.rejects(
    openAll(`docker-archive:${writeFile(t, whole.subarray(0, 2600))}`),
    MalformedArchive,
  );
});
