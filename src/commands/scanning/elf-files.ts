import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Of these names, all but files that do not begin as ELF files do. A name that is not a file is kept: whether it can be scanned
 * is for the scan to say.
 */
export function elfFilesAmong(names: readonly string[], cwd: string): readonly string[] {
  return names.filter((name) => {
    const path = resolve(cwd, name);
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    return !isFile || beginsAsElf(path);
  });
}

const magic = Buffer.from('\x7fELF', 'latin1');

/** A file that cannot be read is one: the scan says why. */
function beginsAsElf(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(magic.length);
      return readSync(file, start, 0, magic.length, 0) === magic.length && start.equals(magic);
    } finally {
      closeSync(file);
    }
  } catch {
    return true;
  }
}
