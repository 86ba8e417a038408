import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { walkIndex } from '../../archive/tar/tar-index.ts';
import { DamagedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { filesOfArchive } from '../files/files-of-archive.ts';
import { cleanName } from '../files/path-in-archive.ts';
import { tarWalk } from '../packages/package-in-tar.ts';
import type { Target } from '../source.ts';
import { imageBelow, NamesBelow } from './image-below.ts';
import { ImageDocuments, mayBeList } from './image-documents.ts';
import type { DirectoryInput, FileFormat, FileInput, Holding, Input } from './input.ts';
import { packageHolding } from './kind-by-names.ts';

const others: readonly Holding[] = ['docker-archive', 'oci-layout', 'no-archive', 'cpio'];

export interface ImageAsWell {
  readonly targets: readonly Target[];
  readonly problem: Problem | null;
}

/**
 * Of what was read as a root filesystem, a package or a folder: whether container runtimes load the same input as an image. Its maker would avoid
 * what is judged of images alone: how they start, and settings by their name. A compressed tar, a zip and a file system are not read a second time
 * for it: their targets are marked, and the walk over them shows it.
 */
export async function imageAsWell(
  input: Input,
  targets: readonly Target[],
  limits: Limits,
): Promise<ImageAsWell> {
  if (input.kind === 'directory')
    return { targets, problem: inDirectory(input) ?? imageBelow(input) };
  if (otherArchives.has(input.format))
    return { targets: marked(targets, 'archive'), problem: null };
  const isTar = input.format === 'tar' || input.format === 'compressed';
  const holding = isTar ? await input.holds() : 'no-archive';
  if (others.includes(holding)) return { targets, problem: null };
  if (input.format === 'tar') return { targets, problem: await inTar(input, limits) };
  // Of a package of opkg only a tar in the tar is walked.
  if (holding === packageHolding('ipk')) return { targets, problem: await inStream(input, limits) };
  return { targets: marked(targets, 'tar'), problem: null };
}

/** In which no runtime looks for an image, and people put one nevertheless: CI systems hand on folders as zips. */
const otherArchives: ReadonlySet<FileFormat> = new Set<FileFormat>([
  ...(['zip', 'cpio', 'squashfs', 'iso', 'ext4', 'fat'] as const),
]);

function marked(
  targets: readonly Target[],
  mayBeImage: NonNullable<Target['mayBeImage']>,
): readonly Target[] {
  return targets.map((target) => ({ ...target, mayBeImage }));
}

/** `document`: by which runtimes know it. */
export function imageAsWellProblem(where: string, document: string, forms = schemesOfTar): Problem {
  const message = `it is an archive of an image as well, by its ${document}, which was not read: container runtimes load that image, and others read the files next to it; give the scheme of what is meant in front (${forms})`;
  return { kind: 'damaged', where, message };
}

const schemesOfTar = 'rootfs:FILE, docker-archive:FILE';

async function inTar(input: FileInput, limits: Limits): Promise<Problem | null> {
  const documents = new ImageDocuments();
  const below = new NamesBelow();
  try {
    // Keeps none of the entries, which may be millions.
    for await (const read of walkIndex(input.file, limits))
      for (const { path } of read) {
        const name = cleanName(path);
        documents.add(name);
        below.add(name);
      }
  } catch (error) {
    ignoreDamage(error);
  }
  const document = documents.first(documents.hasManifest && (await isManifest(input)));
  if (document !== null) return imageAsWellProblem(input.name, document);
  return (await input.holds()) === 'other' ? below.inTar(input.name) : null;
}

async function inStream(input: FileInput, limits: Limits): Promise<Problem | null> {
  const documents = new ImageDocuments();
  try {
    for await (const { path } of tarWalk(input, limits)) documents.add(cleanName(path));
  } catch (error) {
    ignoreDamage(error);
  }
  const document = documents.first(true);
  return document === null ? null : imageAsWellProblem(input.name, document);
}

/** The reader finds the damage again, and reports it. */
function ignoreDamage(error: unknown): void {
  if (!(error instanceof DamagedInput)) throw error;
}

/** Runtimes load layouts from folders too. Of one that has `oci-layout` and no names of a root it is the layout that was read. */
function inDirectory({ path, name, holds }: DirectoryInput): Problem | null {
  const has = (file: string) => existsSync(join(path, file));
  if (holds === 'oci-layout' || !has('index.json') || !has('blobs')) return null;
  return imageAsWellProblem(name, 'index.json', 'dir:FOLDER, oci-dir:FOLDER');
}

/** What cannot be read, or is a link that leads nowhere here, may be a list to those who load it. */
async function isManifest(input: FileInput): Promise<boolean> {
  try {
    const stored = filesOfArchive(await input.archive()).find('manifest.json');
    if (stored === null) return true;
    const blob = await stored.open();
    const head = (await blob.read(0, Math.min(blob.size, 4096))).toString('utf8');
    blob.close();
    return mayBeList(head);
  } catch (error) {
    ignoreDamage(error);
    return true;
  }
}
