import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { alpineApp } from '../../scripts/sample-images/alpine-app.ts';
import { kernelConfigs } from '../../scripts/sample-images/kernel-configs.ts';
import { dockerArchive, ociLayout } from '../../scripts/sample-images/layouts.ts';
import { packTar } from '../../scripts/sample-images/pack-tar.ts';
import { rootCases } from '../../scripts/sample-images/root-cases.ts';
import { startImages } from '../../scripts/sample-images/starts.ts';
import { repositoryRoot } from '../support/repository.ts';

const images = join(repositoryRoot, 'samples', 'images');
const image = alpineApp(join(repositoryRoot, 'samples', 'elf'));

test('the docker archive is what its builder makes of the sample binaries', async () => {
  const made = await dockerArchive(image);
  assert.ok(
    made.equals(readFileSync(join(images, 'alpine-app.docker.tar'))),
    'run build-sample-images',
  );
});

test('the images that start what they name, or do not, are what their builder makes of the sample binaries', async () => {
  const made = await dockerArchive(...startImages(join(repositoryRoot, 'samples', 'elf')));
  assert.ok(
    made.equals(readFileSync(join(images, 'starts.docker.tar'))),
    'run build-sample-images',
  );
});

test('the root filesystem is what its builder makes of the sample binaries', async () => {
  const made = await packTar(rootCases(join(repositoryRoot, 'samples', 'elf')));
  assert.ok(made.equals(readFileSync(join(images, 'root-cases.tar'))), 'run build-sample-images');
});

test('the configurations of kernels are what their builder makes', async () => {
  const made = await packTar(kernelConfigs());
  const shipped = readFileSync(join(images, 'kernel-configs.tar'));
  assert.ok(made.equals(shipped), 'run build-sample-images');
});

test('the layers of the OCI layout are what their builder makes of the sample binaries', async () => {
  const made = (await ociLayout(image)).flatMap((entry) =>
    entry.type === 'file' && isGzip(entry.body) ? [gunzipSync(entry.body)] : [],
  );
  const blobs = join(images, 'alpine-app.oci', 'blobs', 'sha256');
  const shipped = readdirSync(blobs)
    .map((name) => readFileSync(join(blobs, name)))
    .filter(isGzip)
    .map((blob) => gunzipSync(blob));
  // Compressed bytes differ between versions of zlib; what they hold does not.
  assert.equal(made.length, 3);
  assert.deepEqual(sorted(shipped), sorted(made));
});

function isGzip(bytes: Buffer): boolean {
  return bytes.readUInt16BE(0) === 0x1f8b;
}

function sorted(layers: readonly Buffer[]): Buffer[] {
  return layers.toSorted(Buffer.compare);
}
