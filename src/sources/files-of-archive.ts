// supporting: the files of an image in a seekable tar
import { partOf, type RandomAccess } from '../archive/random-access.ts';
import type { IndexedEntry } from '../archive/tar-index.ts';
import { MalformedArchive } from '../errors.ts';
import type { Files, StoredFile } from './files.ts';
import type { SeekableArchive } from './input.ts';
import { cleanName, linkedName } from './path-in-archive.ts';

/**
 * Links are followed inside the archive: `docker save` before version 25 wrote a layer that several images share once,
 * and a symbolic link `../<id>/layer.tar` for the others. Of entries with one name the last counts, as when unpacking.
 */
export function filesOfArchive({ file, entries }: SeekableArchive): Files {
  const byName = new Map(entries.map((entry) => [cleanName(entry.path), entry]));
  return {
    find(name) {
      const entry = followLinks(byName, cleanName(name));
      return entry === null ? null : storedFile(file, entry, name);
    },
  };
}

function followLinks(
  byName: ReadonlyMap<string, IndexedEntry>,
  start: string,
): IndexedEntry | null {
  const visited = new Set<string>();
  for (let name = start; ; ) {
    const entry = byName.get(name);
    if (entry === undefined) return null;
    if (entry.type !== 'symlink' && entry.type !== 'hardlink') return entry;
    if (visited.has(name))
      throw new MalformedArchive(`${start} is a link that leads back to itself`);
    visited.add(name);
    name =
      entry.type === 'symlink' ? linkedName(name, entry.linkTarget) : cleanName(entry.linkTarget);
  }
}

function storedFile(file: RandomAccess, entry: IndexedEntry, name: string): StoredFile {
  const { type, size, bodyOffset } = entry;
  if (type !== 'file') throw new MalformedArchive(`${name} is a ${type}, expected a file`);
  // A truncated archive ends inside the body.
  const body = partOf(file, bodyOffset, size);
  return {
    name,
    size: body.size,
    access: 'random',
    open: async () => ({ ...body, close: () => {} }),
  };
}
