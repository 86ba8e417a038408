import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** Files of an image by name, to be written as a directory or as a tar. */
export type FileMap = ReadonlyMap<string, Buffer>;

export interface TarItem extends Partial<Header> {
  readonly name: string;
  readonly body?: Buffer | string;
}

export async function tarOf(items: readonly TarItem[]): Promise<Buffer> {
  const stream = pack();
  for (const { body, ...header } of items) {
    if (body === undefined) stream.entry(header);
    else stream.entry(header, body);
  }
  stream.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function tarOfFiles(files: FileMap): Promise<Buffer> {
  return tarOf([...files].map(([name, body]) => ({ name, body })));
}

/** A layer whose files hold their own names. */
export function layerOf(...names: readonly string[]): Promise<Buffer> {
  return tarOf(names.map((name) => ({ name, body: name })));
}

export function sha256(bytes: Buffer | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function sha512(bytes: Buffer): string {
  return `sha512:${createHash('sha512').update(bytes).digest('hex')}`;
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export interface ConfigParts {
  readonly architecture?: string;
  readonly variant?: string;
  readonly layers: readonly Buffer[];
  /** Instead of the digests of `layers`. */
  readonly diffIds?: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
}

export function configOf({
  architecture = 'amd64',
  variant,
  layers,
  diffIds,
  more,
}: ConfigParts): Buffer {
  return json({
    os: 'linux',
    architecture,
    variant,
    rootfs: { type: 'layers', diff_ids: diffIds ?? layers.map(sha256) },
    ...more,
  });
}

export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

/** An OCI layout in the making: blobs are added, and give the descriptor to put into the next. */
export interface LayoutBuilder {
  readonly files: Map<string, Buffer>;
  blob(bytes: Buffer, mediaType: string, more?: Readonly<Record<string, unknown>>): Descriptor;
  image(config: ConfigParts, more?: Readonly<Record<string, unknown>>): Descriptor;
  /** Writes index.json. */
  index(...manifests: readonly Descriptor[]): FileMap;
}

export interface Descriptor extends Readonly<Record<string, unknown>> {
  readonly digest: string;
  readonly size: number;
}

export function layoutBuilder(
  compress: (layer: Buffer) => Buffer = (layer) => gzipSync(layer),
): LayoutBuilder {
  const files = new Map([['oci-layout', json({ imageLayoutVersion: '1.0.0' })]]);
  const blob: LayoutBuilder['blob'] = (bytes, mediaType, more = {}) => {
    const digest = sha256(bytes);
    files.set(blobName(digest), bytes);
    return { mediaType, digest, size: bytes.length, ...more };
  };
  return {
    files,
    blob,
    image(config, more) {
      const layers = config.layers.map((layer) => blob(compress(layer), mediaTypes.layer));
      const manifest = {
        schemaVersion: 2,
        config: blob(configOf(config), mediaTypes.config),
        layers,
      };
      return blob(json(manifest), mediaTypes.manifest, more);
    },
    index(...manifests) {
      files.set('index.json', json({ schemaVersion: 2, manifests }));
      return files;
    },
  };
}

export function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

export function named(name: string): Readonly<Record<string, unknown>> {
  return { annotations: { 'org.opencontainers.image.ref.name': name } };
}

export function onPlatform(
  architecture: string,
  variant?: string,
): Readonly<Record<string, unknown>> {
  return { platform: { os: 'linux', architecture, variant } };
}

export function xzOf(bytes: Buffer): Buffer {
  return execFileSync('xz', ['-c'], { input: bytes, maxBuffer: 2 ** 30 });
}

/** A zstd frame of raw blocks (RFC 8878, sections 3.1.1.1 and 3.1.1.2): valid, if not small. */
export function zstdOf(bytes: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528, 0);
  head[4] = 0xa0;
  head.writeUInt32LE(bytes.length, 5);
  const parts: Buffer[] = [head];
  const maxBlock = 128 * 1024;
  for (let at = 0; at < bytes.length || at === 0; at += maxBlock) {
    const block = bytes.subarray(at, at + maxBlock);
    const last = at + maxBlock >= bytes.length ? 1 : 0;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | last, 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}
