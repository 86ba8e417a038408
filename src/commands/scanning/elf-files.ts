import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DamagedInput, UsageError } from '../../base/errors.ts';
import { defaultLimits } from '../../base/limits.ts';
import { claimant } from '../../sources/input/find-source.ts';
import { openInput } from '../../sources/input/open-input.ts';

export interface NamedFiles {
  readonly kept: readonly string[];
  /** Files that do not begin as ELF files do. */
  readonly leftOut: readonly string[];
}

/** A name that is not a file is kept: whether it can be scanned is for the scan to say. */
export function elfFilesAmong(names: readonly string[], cwd: string): NamedFiles {
  const files: { kept: string[]; leftOut: string[] } = { kept: [], leftOut: [] };
  for (const name of names) {
    const path = resolve(cwd, name);
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    (isFile && !beginsAsElf(path) ? files.leftOut : files.kept).push(name);
  }
  return files;
}

/** The first of these files that a scan would read as an image, a package, a root or a file system; undefined: none. */
export async function firstWithFiles(
  names: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  for (const name of names) if (await holdsFiles(resolve(cwd, name))) return name;
  return undefined;
}

/** What is damaged, or nothing that is known, is none: a picture is left out too. */
async function holdsFiles(path: string): Promise<boolean> {
  try {
    const { input, close } = await openInput(path, defaultLimits);
    try {
      const source = await claimant(input);
      return source !== null && source.opens !== 'programs';
    } finally {
      close();
    }
  } catch (error) {
    if (error instanceof DamagedInput || error instanceof UsageError) return false;
    throw error;
  }
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
