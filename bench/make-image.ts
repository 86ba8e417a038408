import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

export interface BenchImage {
  /** An OCI layout. */
  readonly folder: string;
  readonly layers: readonly string[];
  /** Uncompressed bytes of all layers. */
  readonly bytes: number;
}

export interface ImageOptions {
  /** What its files come from. Absent: all of /usr. */
  readonly root?: string;
  /** About as many. */
  readonly bytes: number;
  /** Of layers. */
  readonly count: number;
  readonly compression: 'gzip' | 'none';
  /** Each release differs in its last layer, which lacks as many files. Absent: 0. */
  readonly release?: number;
}

/** An OCI layout of this machine's own files; kept in `folder` for the next run. */
export async function makeImage(
  folder: string,
  { root = '/', bytes, count, compression, release = 0 }: ImageOptions,
): Promise<BenchImage> {
  const record = join(folder, `made-of-${bytes}-bytes-in-${count}-layers-${release}.json`);
  if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const made = [];
  const parts = shares(root === '/' ? '/usr' : root, bytes, count);
  parts.at(-1)?.splice(0, release);
  for (const files of parts)
    made.push(
      await makeLayer(
        blobs,
        { root, files: files.map((path) => relative(root, path)) },
        compression,
      ),
    );
  const config = writeBlob(blobs, {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: made.map((layer) => layer.diffId) },
  });
  const manifest = writeBlob(blobs, {
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: made.map(({ digest, size }) => ({
      mediaType: `application/vnd.oci.image.layer.v1.tar${compression === 'gzip' ? '+gzip' : ''}`,
      digest,
      size,
    })),
  });
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const index = { mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest };
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [index] }),
  );
  const image = {
    folder,
    layers: made.map(({ digest }) => join(blobs, digest.slice('sha256:'.length))),
    bytes: made.reduce((sum, layer) => sum + layer.bytes, 0),
  };
  writeFileSync(record, JSON.stringify(image));
  return image;
}

/**
 * Files of a folder, dealt out in order of name in `count` parts of about the same size. Of a larger one every n-th by size
 * is taken, so that the image has its mixture: small and large, programs, libraries and everything else. The database of packages comes
 * first, as in the base of an image.
 */
function shares(folder: string, bytes: number, count: number): string[][] {
  const all = filesOf(folder)
    .map((path) => ({ path, size: statSync(path).size }))
    .sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1));
  const every = Math.max(1, sumOf(all) / bytes);
  const taken = all.filter(
    (_, index) => Math.floor((index + 1) / every) > Math.floor(index / every),
  );
  const size = sumOf(taken);
  const parts: string[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const file of taken.sort(inOrder)) {
    parts[Math.min(count - 1, Math.floor((before / size) * count))]?.push(file.path);
    before += file.size;
  }
  return parts;
}

function inOrder(a: { readonly path: string }, b: { readonly path: string }): number {
  const [one, other] = [a, b].map(({ path }) => path.includes('/var/lib/dpkg/'));
  return Number(other) - Number(one) || (a.path < b.path ? -1 : 1);
}

function sumOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function filesOf(folder: string): string[] {
  const found = execFileSync('find', [folder, '-xdev', '-type', 'f'], { maxBuffer: 1 << 28 });
  return found.toString().split('\n').filter(Boolean);
}

async function makeLayer(
  blobs: string,
  { root, files }: { readonly root: string; readonly files: readonly string[] },
  compression: 'gzip' | 'none',
) {
  const list = join(blobs, 'files');
  const tar = join(blobs, 'layer.tar');
  writeFileSync(list, files.join('\n'));
  execFileSync('tar', ['-C', root, '-cf', tar, '--ignore-failed-read', '-T', list]);
  rmSync(list);
  const diffId = await digestOf(tar);
  const { size: bytes } = statSync(tar);
  if (compression === 'gzip') execFileSync('gzip', ['-6', '-n', '-f', tar]);
  const stored = compression === 'gzip' ? `${tar}.gz` : tar;
  const digest = await digestOf(stored);
  const { size } = statSync(stored);
  renameSync(stored, join(blobs, digest.slice('sha256:'.length)));
  return { digest, diffId, size, bytes };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

function writeBlob(blobs: string, document: unknown): { digest: string; size: number } {
  const text = JSON.stringify(document);
  const hex = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(blobs, hex), text);
  return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
}
