import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DigestMismatch } from '../../src/base/errors.ts';
import {
  blobName,
  type Descriptor,
  json,
  type LayoutBuilder,
  layoutBuilder,
  mediaTypes,
  named,
  sha256,
} from './image-builder.ts';
import { app, base } from './oci-samples.ts';
import { asOrdinaryUser, openAll, writeFolder } from './workbench.ts';

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
  test(`${name} is reported, and the rest is read`, async (t) => {
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

test('layers and diff_ids that differ in number are reported', async (t) => {
  const builder = layoutBuilder();
  const { targets } = await openAll(
    writeFolder(t, builder.index(builder.image({ layers: [app], diffIds: [] }))),
  );
  assert.match(
    targets[0]?.problems[0]?.message ?? '',
    /names 1 layers, but the config has 0 diff_ids/,
  );
});

test('a wrong diffID is reported with the names of the digests', async (t) => {
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

test('a layer without permission is reported, and the rest is read', async (t) => {
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
