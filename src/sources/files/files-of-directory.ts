import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { MalformedInput, UnreadablePart } from '../../base/errors.ts';
import { codeOf, explained, reasonOf } from '../../base/system-error.ts';
import { type OpenFile, openFile } from '../bytes/open-file.ts';
import type { Files } from './files.ts';

/**
 * The directory and what its links lead to are trusted to be what the user meant: build tools keep blobs in a store
 * and link to them, so a symbolic link may lead out of the directory. It must lead to a regular file, and what it
 * leads to counts only with the digest that the layout promises.
 */
export function filesOfDirectory(path: string): Files {
  return {
    find(name) {
      const place = join(path, name);
      const stats = existing(place);
      if (stats === null) return null;
      if (!stats.isFile())
        throw new MalformedInput(`${name} is not a regular file, nor a link to one`);
      return {
        name,
        size: stats.size,
        access: 'random',
        open: async () => openBlob(place, name),
      };
    },
  };
}

/** A blob without permission is damage of its image: the others are still read. */
function openBlob(place: string, name: string): OpenFile {
  try {
    return openFile(place, 'follow');
  } catch (error) {
    if (codeOf(error) === '') throw error;
    throw new UnreadablePart(`${name} cannot be opened: ${reasonOf(error)}`);
  }
}

/** A link to nowhere is a missing file. */
function existing(path: string): Stats | null {
  return explained(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false }) ?? null;
    } catch (error) {
      if (codeOf(error) === 'ENOTDIR') return null;
      if (codeOf(error) === 'ELOOP')
        throw new MalformedInput(`${path} is a link that leads back to itself`);
      throw error;
    }
  });
}
