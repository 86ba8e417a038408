import type { ImageConfig } from '../../base/image-config.ts';
import { normalisePath } from '../../base/normalise-path.ts';
import { pathVariable, usualPath } from '../start/runtime/environment.ts';

/** More than any person writes. */
const mostFolders = 1000;

/** PATH_MAX */
const longestPath = 4096;

/** Directories of PATH, relative and empty ones from the folder that the image starts in; of no image absolute ones only. */
export function searchPath(config: ImageConfig | null): readonly string[] {
  const path = config === null ? usualPath : pathVariable(config);
  const start = config === null ? null : config.workingDirectory || '/';
  return path.split(':', mostFolders).flatMap((directory) => {
    if (directory.length >= longestPath) return [];
    if (directory.startsWith('/')) return [directory];
    return start === null ? [] : [normalisePath(`${start}/${directory}`)];
  });
}
