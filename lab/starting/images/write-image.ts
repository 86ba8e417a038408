import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSettings } from './image-case.ts';

/** A layer in a file of its own, which layouts link to. */
export interface StoredLayer {
  readonly file: string;
  readonly digest: string;
  readonly size: number;
}

export function storeLayer(file: string, root: string): StoredLayer {
  execFileSync('tar', ['-cf', file, '--numeric-owner', '--exclude=./proc/*', '-C', root, '.']);
  return storedLayer(file);
}

function storedLayer(file: string): StoredLayer {
  const bytes = readFileSync(file);
  return { file, digest: `sha256:${sha256(bytes)}`, size: bytes.length };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes what `root` differs in from `base`, of which it is a copy of hard links, as a layer: what is not the same file is
 * new, and what is gone has a whiteout.
 */
export function storeChanges(file: string, root: string, base: string): StoredLayer {
  const changed: string[] = [];
  const gone: string[] = [];
  const pending = ['.'];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (folder === './proc') continue;
    const own = readdirSync(join(root, folder));
    const before = namesIn(join(base, folder));
    gone.push(
      ...before.filter((name) => !own.includes(name)).map((name) => `${folder}/.wh.${name}`),
    );
    for (const name of own) {
      const path = `${folder}/${name}`;
      const entry = lstatSync(join(root, path));
      const original = lstatSync(join(base, path), { throwIfNoEntry: false });
      if (entry.isDirectory()) pending.push(path);
      const isSame =
        entry.isDirectory() && original?.isDirectory() === true
          ? [entry.mode, entry.uid, entry.gid].join() ===
            [original.mode, original.uid, original.gid].join()
          : entry.ino === original?.ino;
      if (!isSame) changed.push(path);
    }
  }
  const names = `${['.', ...changed].join('\0')}\0`;
  const words = ['-cf', file, '--numeric-owner', '--no-recursion', '-C', root, '--null', '-T', '-'];
  execFileSync('tar', words, { input: names });
  if (gone.length > 0) {
    const whiteouts = `${file}.gone`;
    for (const path of gone) {
      mkdirSync(join(whiteouts, path, '..'), { recursive: true });
      writeFileSync(join(whiteouts, path), '');
    }
    execFileSync('tar', ['-rf', file, '--no-recursion', '-C', whiteouts, '--null', '-T', '-'], {
      input: `${gone.join('\0')}\0`,
    });
  }
  return storedLayer(file);
}

function namesIn(folder: string): string[] {
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    ? readdirSync(folder)
    : [];
}

export interface LayoutImage {
  readonly tag: string;
  readonly image: ImageSettings;
}

/** Writes an OCI layout of images that have the same layers. */
export function writeLayout(
  folder: string,
  layers: readonly StoredLayer[],
  images: readonly LayoutImage[],
  architecture: string,
): void {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const place = (digest: string) => join(folder, 'blobs/sha256', digest.slice('sha256:'.length));
  const put = (value: unknown, kind: string) => {
    const content = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${sha256(content)}`;
    writeFileSync(place(digest), content);
    return { mediaType: `application/vnd.oci.image.${kind}`, digest, size: content.length };
  };
  for (const { file, digest } of layers) linkSync(file, place(digest));
  const descriptors = layers.map(({ digest, size }) => ({
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    digest,
    size,
  }));
  const manifests = images.map(({ tag, image }) => {
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
      rootfs: { type: 'layers', diff_ids: descriptors.map(({ digest }) => digest) },
    };
    const manifest = {
      schemaVersion: 2,
      config: put(config, 'config.v1+json'),
      layers: descriptors,
    };
    const annotations = { 'org.opencontainers.image.ref.name': tag };
    const platform = { os: 'linux', architecture };
    return { ...put(manifest, 'manifest.v1+json'), platform, annotations };
  });
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}
