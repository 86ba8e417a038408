import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Absolute path of the project: tests run compiled, from a folder below it. */
export const repositoryRoot: string = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
