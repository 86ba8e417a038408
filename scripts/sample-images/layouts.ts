import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { directory, file, type LayerEntry, type SampleImage } from './image.ts';
import { packTar } from './pack-tar.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** A manifest as an index lists it. */
interface ManifestDescriptor extends Descriptor {
  readonly platform?: { readonly architecture: string; readonly os: string };
  readonly annotations: Readonly<Record<string, string>>;
}

interface Blob {
  readonly body: Buffer;
  readonly descriptor: Descriptor;
}

interface Packed {
  readonly layers: readonly Blob[];
  readonly config: Blob;
  readonly manifest: Blob;
}

const media = 'application/vnd.oci.image';

/** An OCI image layout with compressed layers: the files of its directory, by path. */
export async function ociLayout(image: SampleImage): Promise<LayerEntry[]> {
  const packed = await packImage(image, 'gzip');
  const manifest = {
    ...packed.manifest.descriptor,
    platform: { architecture: 'amd64', os: 'linux' },
    annotations: { 'org.opencontainers.image.ref.name': image.tag },
  };
  return layoutFiles([packed], [manifest]);
}

/** What `docker save` writes since version 25: an OCI layout with uncompressed layers, and the older manifest.json with it. */
export async function dockerArchive(...images: readonly SampleImage[]): Promise<Buffer> {
  const all = await Promise.all(images.map((image) => packImage(image, 'none')));
  const described = images.flatMap((image, index) => {
    const packed = all[index];
    return packed === undefined ? [] : [{ image, packed }];
  });
  const legacy = described.map(({ image, packed }) => ({
    Config: blobPath(packed.config),
    RepoTags: [`${image.repository}:${image.tag}`],
    Layers: packed.layers.map(blobPath),
    LayerSources: Object.fromEntries(
      packed.layers.map(({ descriptor }) => [descriptor.digest, descriptor]),
    ),
  }));
  const manifests = described.map(({ image, packed }) => ({
    ...packed.manifest.descriptor,
    annotations: {
      'io.containerd.image.name': `docker.io/${image.repository}:${image.tag}`,
      'org.opencontainers.image.ref.name': image.tag,
    },
  }));
  return packTar([...layoutFiles(all, manifests), file('manifest.json', json(legacy))]);
}

async function packImage(image: SampleImage, compression: 'gzip' | 'none'): Promise<Packed> {
  const tars = await Promise.all(image.layers.map(({ entries }) => packTar(entries)));
  const layers = tars.map((tar) =>
    compression === 'gzip'
      ? blob(`${media}.layer.v1.tar+gzip`, gzip(tar))
      : blob(`${media}.layer.v1.tar`, tar),
  );
  const config = blob(`${media}.config.v1+json`, json(imageConfig(image, tars)));
  const manifest = blob(
    `${media}.manifest.v1+json`,
    json({
      schemaVersion: 2,
      mediaType: `${media}.manifest.v1+json`,
      config: config.descriptor,
      layers: layers.map(({ descriptor }) => descriptor),
    }),
  );
  return { layers, config, manifest };
}

function imageConfig(image: SampleImage, tars: readonly Buffer[]): unknown {
  return {
    created: image.created,
    architecture: 'amd64',
    os: 'linux',
    config: image.config,
    rootfs: { type: 'layers', diff_ids: tars.map(digest) },
    history: [
      ...image.layers.map(({ createdBy }) => ({ created: image.created, created_by: createdBy })),
      ...image.configuredBy.map((line) => ({
        created: image.created,
        created_by: line,
        empty_layer: true,
      })),
    ],
  };
}

function layoutFiles(
  all: readonly Packed[],
  manifests: readonly ManifestDescriptor[],
): LayerEntry[] {
  const index = { schemaVersion: 2, mediaType: `${media}.index.v1+json`, manifests };
  const blobs = all.flatMap(({ layers, config, manifest }) => [...layers, config, manifest]);
  const files = new Map(blobs.map((one) => [blobPath(one), file(blobPath(one), one.body)]));
  return [
    directory('blobs'),
    directory('blobs/sha256'),
    ...files.values(),
    file('index.json', json(index)),
    file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
  ];
}

function blob(mediaType: string, body: Buffer): Blob {
  return { body, descriptor: { mediaType, digest: digest(body), size: body.length } };
}

function blobPath({ descriptor }: Blob): string {
  return `blobs/${descriptor.digest.replace(':', '/')}`;
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Byte 9 names the operating system that compressed (RFC 1952); 255 is "unknown". */
function gzip(bytes: Buffer): Buffer {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  return packed;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
