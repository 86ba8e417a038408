import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import {
  blobName,
  configOf,
  json,
  layerOf,
  layoutBuilder,
  onPlatform,
  sha256,
  tarOf,
  tarOfFiles,
} from './image-builder.ts';
import { folder, openAll } from './workbench.ts';

const app = await layerOf('app', 'etc/os-release');
const config = configOf({ layers: [app] });
const builder = layoutBuilder((layer) => layer);
const oci = await tarOfFiles(
  builder.index(
    builder.image({ layers: [app] }, onPlatform('amd64')),
    builder.image({ architecture: 'arm64', layers: [app] }, onPlatform('arm64')),
  ),
);
const docker = await tarOf([
  { name: 'a/layer.tar', body: app },
  { name: 'b/layer.tar', type: 'symlink', linkname: '../a/layer.tar' },
  { name: blobName(sha256(config)), body: config },
  {
    name: 'manifest.json',
    body: json([{ Config: blobName(sha256(config)), RepoTags: ['a:b'], Layers: ['b/layer.tar'] }]),
  },
]);

const archives = [
  { name: 'oci-archive', bytes: oci },
  { name: 'docker-archive', bytes: docker },
  { name: 'compressed docker-archive', bytes: gzipSync(docker) },
  { name: 'rootfs', bytes: app },
];

/** Opens the bytes by each scheme that reads them, and by none. Anything but the errors of the contract is a bug. */
async function tryAll(path: string, bytes: Buffer): Promise<void> {
  writeFileSync(path, bytes);
  for (const scheme of ['', 'oci-archive:', 'docker-archive:', 'rootfs:']) {
    try {
      await openAll(scheme + path, { platform: 'all' });
    } catch (error) {
      if (!(error instanceof DamagedInput || error instanceof UsageError)) throw error;
    }
  }
}

for (const { name, bytes } of archives) {
  test(`${name} cut anywhere gives damage or what is left of it`, async (t) => {
    const path = join(folder(t), 'cut');
    const step = Math.max(1, Math.ceil(bytes.length / 60));
    for (let end = 0; end < bytes.length; end += step) await tryAll(path, bytes.subarray(0, end));
  });

  test(`${name} with wrong bytes anywhere throws nothing but its own errors`, async (t) => {
    await mutate(t, bytes);
  });
}

async function mutate(t: TestContext, bytes: Buffer): Promise<void> {
  const path = join(folder(t), 'mutated');
  const random = generator(7);
  for (let round = 0; round < 120; round += 1) {
    const copy = Buffer.from(bytes);
    for (let count = 0; count <= round % 4; count += 1)
      copy[random() % copy.length] = random() % 256;
    await tryAll(path, copy);
  }
}

/** Numerical Recipes' linear congruence: the same bytes every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

test('wrong bytes in a layer are never taken for right ones', async (t) => {
  const path = join(folder(t), 'layer');
  const random = generator(11);
  const start = oci.indexOf(app);
  for (let round = 0; round < 100; round += 1) {
    const copy = Buffer.from(oci);
    const at = start + (random() % app.length);
    copy[at] = (copy[at] ?? 0) ^ (1 + (random() % 255));
    writeFileSync(path, copy);
    const { walks } = await openAll(path, { platform: 'amd64' });
    assert.equal(walks[0]?.[0]?.damage?.name, 'DigestMismatch');
  }
});
