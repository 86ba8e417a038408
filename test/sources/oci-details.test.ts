import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  blobName,
  configOf,
  json,
  layoutBuilder,
  mediaTypes,
  named,
  sha256,
  sha512,
} from './image-builder.ts';
import { app, base } from './oci-samples.ts';
import { folder, openAll, summary, writeFolder } from './workbench.ts';

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

const healthchecks: readonly {
  readonly given: unknown;
  readonly want: readonly string[] | undefined;
}[] = [
  { given: { Test: ['CMD', '/bin/check', '-q'] }, want: ['/bin/check', '-q'] },
  { given: { Test: ['CMD-SHELL', 'check || exit 1'] }, want: ['check || exit 1'] },
  { given: { test: ['CMD', '/bin/check'] }, want: ['/bin/check'] },
  { given: { Test: ['NONE'] }, want: undefined },
  { given: { Test: ['CMD'] }, want: undefined },
  { given: { Test: [] }, want: undefined },
  { given: { Test: 'CMD' }, want: undefined },
  { given: { Test: ['CMD', 1, '/bin/check'] }, want: ['/bin/check'] },
  { given: { Interval: 1 }, want: undefined },
  { given: ['CMD', '/bin/check'], want: undefined },
  { given: 'CMD /bin/check', want: undefined },
  { given: null, want: undefined },
];
for (const { given, want } of healthchecks) {
  test(`the health check ${JSON.stringify(given)} is ${want?.join(' ') ?? 'none'}`, async (t) => {
    const builder = layoutBuilder();
    const manifest = builder.image({ layers: [], more: { config: { Healthcheck: given } } });
    const { targets } = await openAll(writeFolder(t, builder.index(manifest)));
    assert.deepEqual(targets[0]?.config?.healthcheck, want);
  });
}
