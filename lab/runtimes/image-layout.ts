import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Tagged {
  readonly tag: string;
  /** Tars, oldest first. */
  readonly layers: readonly Buffer[];
  /** The field `config` of the image's config; default: empty. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Default: this machine's. */
  readonly architecture?: string;
}

const ownArchitecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

export function writeLayout(folder: string, images: readonly Tagged[]): void {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const blob = (bytes: Buffer, mediaType: string) => {
    const hex = sha256(bytes);
    writeFileSync(join(folder, 'blobs/sha256', hex), bytes);
    return {
      mediaType: `application/vnd.oci.image.${mediaType}`,
      digest: `sha256:${hex}`,
      size: bytes.length,
    };
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const manifests = images.map(
    ({ tag, layers, config: settings = {}, architecture = ownArchitecture }) => {
      const config = {
        architecture,
        os: 'linux',
        config: settings,
        rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
      };
      const manifest = {
        schemaVersion: 2,
        config: blob(json(config), 'config.v1+json'),
        layers: layers.map((layer) => blob(gzipSync(layer, { level: 1 }), 'layer.v1.tar+gzip')),
      };
      const annotations = {
        'org.opencontainers.image.ref.name': tag,
        'io.containerd.image.name': `localhost/differential:${tag}`,
      };
      return { ...blob(json(manifest), 'manifest.v1+json'), annotations };
    },
  );
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
