import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** ELF files below a file or folder, sorted; links, devices and pipes are left out. */
export function elfFilesBelow(path: string): readonly string[] {
  const kind = lstatSync(path);
  if (kind.isDirectory()) {
    return readdirSync(path)
      .sort()
      .flatMap((name) => elfFilesBelow(join(path, name)));
  }
  return kind.isFile() && isElf(path) ? [path] : [];
}

function isElf(path: string): boolean {
  const file = openSync(path, 'r');
  const start = Buffer.alloc(4);
  const length = readSync(file, start);
  closeSync(file);
  return length === 4 && start.toString('latin1') === '\x7fELF';
}
