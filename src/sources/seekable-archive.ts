// supporting: the outer archive of an image, and what it is
import { compressionOf, decompress } from '../archive/decompress.ts';
import type { RandomAccess } from '../archive/random-access.ts';
import { blockSize, decodeTarHeader } from '../archive/tar-header.ts';
import { type IndexedEntry, walkIndex } from '../archive/tar-index.ts';
import { tarEntries } from '../archive/tar-stream.ts';
import { DamagedInput } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { holdingOf, isImageName, isRootName } from './holding.ts';
import type { FileInput, Holding, SeekableArchive } from './input.ts';
import { cleanName } from './path-in-archive.ts';
import type { Spooled } from './spool.ts';

const elfMagic = Buffer.from('\x7fELF', 'latin1');

export function formatOf(head: Buffer): FileInput['format'] {
  if (head.subarray(0, elfMagic.length).equals(elfMagic)) return 'elf';
  if (looksLikeTar(head)) return 'tar';
  const compression = compressionOf(head);
  return compression === 'none' || compression === 'bzip2' ? 'unknown' : 'compressed';
}

/** A damaged tar is indexed up to its damage. */
export async function seekableArchive(
  { file, damage }: Spooled,
  limits: Limits,
): Promise<SeekableArchive> {
  const entries: IndexedEntry[] = [];
  try {
    for await (const entry of walkIndex(file, limits)) entries.push(entry);
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
): Promise<'root-filesystem' | 'image' | 'no-archive'> {
  const plain = () => decompress(file.stream(0, file.size));
  if (!looksLikeTar(await firstBytes(plain(), blockSize))) return 'no-archive';
  try {
    for await (const entry of tarEntries(plain(), limits)) {
      const name = cleanName(entry.path);
      if (isRootName(name)) return 'root-filesystem';
      if (isImageName(name)) return 'image';
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    // Whoever reads it will meet the damage again, and report it.
  }
  return 'root-filesystem';
}

export function holdingOfArchive(archive: SeekableArchive): Holding {
  return holdingOf(archive.entries.map((entry) => entry.path));
}

/** By the checksum of the first header, which every tar since 1979 has; the word `ustar` came later. */
function looksLikeTar(head: Buffer): boolean {
  if (head.length < blockSize) return false;
  try {
    return decodeTarHeader(head.subarray(0, blockSize), 0) !== null;
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}

async function firstBytes(chunks: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= length) break;
  }
  return Buffer.concat(parts);
}
