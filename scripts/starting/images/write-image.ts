import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSettings } from './image-case.ts';

/** Writes an OCI layout of one image with one layer: the root's files with their owners and modes. */
export function writeImage(
  folder: string,
  root: string,
  image: ImageSettings,
  architecture: string,
): void {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const layer = join(folder, 'layer.tar');
  execFileSync('tar', ['-cf', layer, '--numeric-owner', '--exclude=./proc/*', '-C', root, '.']);
  const bytes = readFileSync(layer);
  const put = (content: Buffer, kind: string) => {
    const hex = createHash('sha256').update(content).digest('hex');
    writeFileSync(join(folder, 'blobs/sha256', hex), content);
    return {
      mediaType: `application/vnd.oci.image.${kind}`,
      digest: `sha256:${hex}`,
      size: content.length,
    };
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const blob = put(bytes, 'layer.v1.tar');
  execFileSync('rm', [layer]);
  const config = {
    architecture,
    os: 'linux',
    config: {
      Env: image.env ?? [],
      Entrypoint: image.entrypoint ?? null,
      Cmd: image.cmd ?? null,
      User: image.user ?? '',
      WorkingDir: image.workingDir ?? '',
    },
    rootfs: { type: 'layers', diff_ids: [blob.digest] },
  };
  const manifest = {
    schemaVersion: 2,
    config: put(json(config), 'config.v1+json'),
    layers: [blob],
  };
  const annotations = { 'org.opencontainers.image.ref.name': 'case' };
  const platform = { os: 'linux', architecture };
  const manifests = [{ ...put(json(manifest), 'manifest.v1+json'), platform, annotations }];
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}
