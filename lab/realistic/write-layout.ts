import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Step } from './realistic-image.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const known = new Map<string, Descriptor>();

/** An OCI layout in `folder`, whose layers are hard links to the tars that `layerOf` gives for each step with one. */
export async function writeLayout(
  folder: string,
  tag: string,
  steps: readonly Step[],
  config: Readonly<Record<string, unknown>>,
  layerOf: (layer: NonNullable<Step['layer']>) => string,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const layers: Descriptor[] = [];
  for (const { layer } of steps) {
    if (layer === undefined) continue;
    const tar = layerOf(layer);
    const descriptor = await describe(tar);
    const blob = join(folder, 'blobs/sha256', descriptor.digest.slice('sha256:'.length));
    if (!existsSync(blob)) linkSync(tar, blob);
    layers.push(descriptor);
  }
  const created = '2026-01-01T00:00:00Z';
  const image = {
    architecture: 'amd64',
    os: 'linux',
    created,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    history: steps.map(({ createdBy, comment, layer }) => ({
      created,
      created_by: createdBy,
      ...(comment === undefined ? {} : { comment }),
      ...(layer === undefined ? { empty_layer: true } : {}),
    })),
  };
  const type = 'application/vnd.oci.image';
  const manifest = {
    schemaVersion: 2,
    mediaType: `${type}.manifest.v1+json`,
    config: writeBlob(folder, `${type}.config.v1+json`, image),
    layers,
  };
  const described = writeBlob(folder, manifest.mediaType, manifest);
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  write(folder, 'index.json', { schemaVersion: 2, manifests: [{ ...described, annotations }] });
  write(folder, 'oci-layout', { imageLayoutVersion: '1.0.0' });
}

async function describe(tar: string): Promise<Descriptor> {
  const before = known.get(tar);
  if (before !== undefined) return before;
  const hash = createHash('sha256');
  await pipeline(createReadStream(tar), hash);
  const descriptor = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    digest: `sha256:${hash.digest('hex')}`,
    size: statSync(tar).size,
  };
  known.set(tar, descriptor);
  return descriptor;
}

function writeBlob(folder: string, mediaType: string, json: unknown): Descriptor {
  const bytes = Buffer.from(JSON.stringify(json));
  const hash = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(folder, 'blobs/sha256', hash), bytes);
  return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
}

function write(folder: string, name: string, json: unknown): void {
  writeFileSync(join(folder, name), `${JSON.stringify(json)}\n`);
}
