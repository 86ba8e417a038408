import { beginningOf } from '../../archive/beginning.ts';
import { isCpio } from '../../archive/cpio/cpio-header.ts';
import { decompress } from '../../archive/decompress.ts';
import { blockSize } from '../../archive/tar/tar-header.ts';
import { type IndexedEntry, walkIndex } from '../../archive/tar/tar-index.ts';
import { tarEntries } from '../../archive/tar/tar-stream.ts';
import { DamagedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { cleanName } from '../files/path-in-archive.ts';
import { looksLikeTar } from './file-format.ts';
import type { Holding, SeekableArchive } from './input.ts';
import { isImageName, isRootName, SeenNames } from './kind-by-names.ts';
import { type PackageByNames, packagesBeginningWith } from './package-by-names.ts';

/** Entries of a compressed archive that are read to recognise its kind: the first ones are enough. */
const mostPeeked = 1000;

/** A damaged tar is indexed up to its damage. */
export async function seekableArchive(
  { file, damage }: Pick<SeekableArchive, 'file' | 'damage'>,
  limits: Limits,
): Promise<SeekableArchive> {
  const entries: IndexedEntry[] = [];
  try {
    for await (const read of walkIndex(file, limits)) for (const entry of read) entries.push(entry);
    return { file, entries, damage };
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    // A stream that broke off is the reason why the tar in it does.
    return { file, entries, damage: damage ?? error };
  }
}

/**
 * Reads a compressed file only as far as the first name that distinguishes a root filesystem from an image: the former
 * is then read as a stream, and only the latter must be unpacked. Throws MalformedInput.
 */
export async function peekCompressed(
  file: RandomAccess,
  limits: Limits,
): Promise<Exclude<Holding, 'docker-archive' | 'oci-layout' | 'other'> | 'image'> {
  const plain = () => decompress(file.stream(0, file.size), limits);
  const head = await beginningOf(plain(), blockSize);
  if (isCpio(head)) return 'cpio';
  if (!looksLikeTar(head)) return 'no-archive';
  let packages: PackageByNames | undefined;
  try {
    let left = mostPeeked;
    for await (const entry of tarEntries(plain(), limits)) {
      left -= 1;
      if (left < 0) return 'root-filesystem';
      const name = cleanName(entry.path);
      packages ??= await packagesBeginningWith(name);
      const found = packages.add(name);
      if (found !== null) return found;
      if (isRootName(name)) return 'root-filesystem';
      if (isImageName(name)) return 'image';
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    // The reader will find the damage again, and report it.
    return 'root-filesystem';
  }
  return packages?.atEnd ?? 'root-filesystem';
}

/** Keeps none of the entries, which may be millions, and stops where the names are those of a root filesystem. */
export async function holdingOfTar(file: RandomAccess, limits: Limits): Promise<Holding> {
  const seen = new SeenNames();
  let packages: PackageByNames | undefined;
  try {
    for await (const read of walkIndex(file, limits)) {
      for (const { path } of read) {
        const name = cleanName(path);
        packages ??= await packagesBeginningWith(name);
        const found = packages.add(name);
        if (found !== null) return found;
        seen.add(path);
        if (seen.isRoot) return seen.holding();
      }
    }
  } catch (error) {
    // The reader will find the damage again, and report it.
    if (!(error instanceof DamagedInput)) throw error;
    return seen.holding();
  }
  return packages?.atEnd ?? seen.holding();
}
