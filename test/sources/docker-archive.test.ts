import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  app,
  base,
  combined,
  config,
  configItem,
  configName,
  manifest,
  want,
} from './docker-samples.ts';
import { blobName, json, sha256, type TarItem, tarOf, zstdOf } from './image-builder.ts';
import { openAll, summary, writeFile } from './workbench.ts';

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
    name: 'an archive with entries that stand in it twice and are the same',
    items: [
      { name: 'a.tar', body: base },
      { name: 'b.tar', body: app },
      { name: './a.tar', body: base },
      manifest(['a.tar', 'b.tar']),
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
