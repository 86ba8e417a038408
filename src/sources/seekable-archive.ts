// supporting: the outer archive of an image, and what it is
import { isCpio } from '../archive/cpio-header.ts';
import { decompress } from '../archive/decompress.ts';
import type { RandomAccess } from '../archive/random-access.ts';
import { blockSize } from '../archive/tar-header.ts';
import { type IndexedEntry, walkIndex } from '../archive/tar-index.ts';
import { tarEntries } from '../archive/tar-stream.ts';
import { DamagedInput } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { looksLikeTar } from './file-format.ts';
import { isImageName, isRootName, SeenNames } from './holding.ts';
import type { Holding, PackageHolding, SeekableArchive } from './input.ts';
import { manifestOf, packageBeginningWith } from './package-in-tar.ts';
import { cleanName } from './path-in-archive.ts';

/** Entries of a compressed archive that are looked at to tell what it is: the first ones do. */
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
 * Looks into a compressed file only as far as the first name that tells a root filesystem from an image, since the
 * one is then read as a stream and only the other must be unpacked. Throws MalformedArchive.
 */
export async function peekCompressed(
  file: RandomAccess,
  limits: Limits,
): Promise<Exclude<Holding, 'docker-archive' | 'oci-layout' | 'other'> | 'image'> {
  const plain = () => decompress(file.stream(0, file.size), limits);
  const head = await beginningOf(plain(), blockSize);
  if (isCpio(head)) return 'cpio';
  if (!looksLikeTar(head)) return 'no-archive';
  let begins: PackageHolding | null | undefined;
  try {
    let left = mostPeeked;
    for await (const entry of tarEntries(plain(), limits)) {
      left -= 1;
      if (left < 0) break;
      const name = cleanName(entry.path);
      if (begins === undefined) begins = packageBeginningWith(name);
      if (begins !== null && [null, name].includes(manifestOf(begins))) return begins;
      if (isRootName(name)) return 'root-filesystem';
      if (isImageName(name)) return 'image';
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    // Whoever reads it will meet the damage again, and report it.
  }
  return 'root-filesystem';
}

/** Keeps none of the entries, which may be millions, and stops where the names are those of a root filesystem. */
export async function holdingOfTar(file: RandomAccess, limits: Limits): Promise<Holding> {
  const seen = new SeenNames();
  let begins: PackageHolding | null | undefined;
  try {
    for await (const read of walkIndex(file, limits)) {
      for (const { path } of read) {
        if (begins === undefined) begins = packageBeginningWith(path);
        if (begins !== null && [null, path].includes(manifestOf(begins))) return begins;
        seen.add(path);
      }
      if (begins === null && seen.isRoot) break;
    }
  } catch (error) {
    // Whoever reads it will meet the damage again, and report it.
    if (!(error instanceof DamagedInput)) throw error;
  }
  return seen.holding();
}

/** At least `length` bytes; fewer only where the end comes first. Throws what `chunks` throws. */
export async function beginningOf(chunks: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= length) break;
  }
  return Buffer.concat(parts);
}
