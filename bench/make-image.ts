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
import { join } from 'node:path';

export interface BenchImage {
  /** An OCI layout. */
  readonly folder: string;
  readonly layers: readonly string[];
  /** Uncompressed bytes of all layers. */
  readonly bytes: number;
}

/** An OCI layout of about `bytes` of this machine's own files in `count` gzip layers; kept in `folder` for the next run. */
export async function makeImage(folder: string, bytes: number, count: number): Promise<BenchImage> {
  const record = join(folder, `made-of-${bytes}-bytes-in-${count}-layers.json`);
  if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const made = [];
  for (const files of shares(bytes, count)) made.push(await makeLayer(blobs, files));
  const config = writeBlob(blobs, {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: made.map((layer) => layer.diffId) },
  });
  const manifest = writeBlob(blobs, {
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: made.map(({ digest, size }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
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

/** Files of /usr in order of name, dealt out in `count` parts of about the same size. */
function shares(bytes: number, count: number): string[][] {
  const parts: string[][] = Array.from({ length: count }, () => []);
  let taken = 0;
  for (const path of filesOf('/usr')) {
    parts[Math.floor((taken / bytes) * count)]?.push(path.slice(1));
    taken += statSync(path).size;
    if (taken >= bytes) break;
  }
  return parts;
}

function filesOf(folder: string): string[] {
  const found = execFileSync('find', [folder, '-xdev', '-type', 'f'], { maxBuffer: 1 << 28 });
  return found.toString().split('\n').filter(Boolean).sort();
}

async function makeLayer(blobs: string, files: readonly string[]) {
  const list = join(blobs, 'files');
  const tar = join(blobs, 'layer.tar');
  writeFileSync(list, files.join('\n'));
  execFileSync('tar', ['-C', '/', '-cf', tar, '--ignore-failed-read', '-T', list]);
  const diffId = await digestOf(tar);
  const { size: bytes } = statSync(tar);
  execFileSync('gzip', ['-6', '-n', '-f', tar]);
  const digest = await digestOf(`${tar}.gz`);
  const { size } = statSync(`${tar}.gz`);
  renameSync(`${tar}.gz`, join(blobs, digest.slice('sha256:'.length)));
  rmSync(list);
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
