import type { ImageConfig } from '../../sources/source.ts';
import { pathVariable, usualPath } from '../start/environment.ts';

/** More than anybody writes. */
const mostFolders = 1000;

/** PATH_MAX */
const longestPath = 4096;

/** Directories of PATH, absolute ones only: the others depend on where a program is started. */
export function searchPath(config: ImageConfig | null): readonly string[] {
  const path = config === null ? usualPath : pathVariable(config);
  return path
    .split(':', mostFolders)
    .filter((directory) => directory.startsWith('/') && directory.length < longestPath);
}
