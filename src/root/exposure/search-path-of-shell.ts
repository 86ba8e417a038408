import type { ImageConfig } from '../../sources/source.ts';

/** What runtimes set where an image does not (moby, DefaultPathEnvUnix). */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** More than anybody writes. */
const mostFolders = 1000;

/** PATH_MAX */
const longestPath = 4096;

/** Directories of PATH, absolute ones only: the others depend on where a program is started. */
export function searchPath(config: ImageConfig | null): readonly string[] {
  const setting = config?.env.findLast((entry) => entry.startsWith('PATH='));
  const path = setting?.slice('PATH='.length) ?? usualPath;
  return path
    .split(':', mostFolders)
    .filter((directory) => directory.startsWith('/') && directory.length < longestPath);
}
