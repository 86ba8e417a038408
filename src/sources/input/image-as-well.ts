import { walkIndex } from '../../archive/tar/tar-index.ts';
import { DamagedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { filesOfArchive } from '../files/files-of-archive.ts';
import { cleanName } from '../files/path-in-archive.ts';
import type { FileInput, Holding } from './input.ts';

const images: readonly Holding[] = ['docker-archive', 'oci-layout', 'no-archive'];

/**
 * A tar that was read as a root filesystem or a package, and that container runtimes load as an image: they look for the
 * documents of one, and at no other name. Its maker would avoid what is judged of images alone: how they start, and
 * settings by their name. null: it is not an image, or was read as one. A compressed tar is not read a second time for it.
 */
export async function imageAsWell(input: FileInput, limits: Limits): Promise<Problem | null> {
  if (input.format !== 'tar' || images.includes(await input.holds())) return null;
  const document = await imageDocument(input, limits);
  if (document === null) return null;
  const message = `it is an archive of an image as well, by its ${document}, which was not read: container runtimes load that image, and others read the files next to it; give the scheme of what is meant in front (rootfs:FILE, docker-archive:FILE)`;
  return { kind: 'damaged', where: input.name, message };
}

async function imageDocument(input: FileInput, limits: Limits): Promise<string | null> {
  const names = await documentsIn(input, limits);
  if (names.has('manifest.json') && (await isManifest(input))) return 'manifest.json';
  const isLayout = names.has('index.json') && (names.has('oci-layout') || names.has('blobs'));
  return isLayout ? 'index.json' : null;
}

/** Keeps none of the entries, which may be millions. */
async function documentsIn({ file }: FileInput, limits: Limits): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  try {
    for await (const read of walkIndex(file, limits))
      for (const { path } of read) {
        const name = cleanName(path);
        if (documents.has(name)) found.add(name);
        else if (name.startsWith('blobs/')) found.add('blobs');
      }
  } catch (error) {
    // The reader finds the damage again, and reports it.
    if (!(error instanceof DamagedInput)) throw error;
  }
  return found;
}

const documents: ReadonlySet<string> = new Set(['manifest.json', 'index.json', 'oci-layout']);

/** A list: the file of a web application that has this name is an object. What cannot be read may be a list. */
async function isManifest(input: FileInput): Promise<boolean> {
  try {
    const stored = filesOfArchive(await input.archive()).find('manifest.json');
    if (stored === null) return false;
    const blob = await stored.open();
    const head = (await blob.read(0, Math.min(blob.size, 4096))).toString('utf8');
    blob.close();
    return /^\ufeff?\s*(?:\[|$)/.test(head);
  } catch (error) {
    if (error instanceof DamagedInput) return true;
    throw error;
  }
}
