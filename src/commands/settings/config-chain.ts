import { dirname, join, relative, resolve } from 'node:path';
import type { Config } from '../../policy/config/config.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import { type ConfigFile, configFileIn, configNameIn } from './config-file.ts';
import { repositoryAround } from './trusted-place.ts';

export interface ConfigChain {
  /** The farthest first: nearer files win. */
  readonly files: readonly ConfigFile[];
  /** Sentences: which files may have been meant, and are not read. */
  readonly remarks: readonly string[];
}

/**
 * The configurations of all folders from the root of the repository down to the working directory. Outside a repository it
 * is the nearest one alone. Throws UsageError for one that is not valid.
 */
export async function findConfigChain(cwd: string, shape: Shape<Config>): Promise<ConfigChain> {
  const start = resolve(cwd);
  const repository = repositoryAround(start);
  const files: ConfigFile[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    const found = await configFileIn(folder, cwd, shape);
    if (found !== null) files.unshift(found);
    if (folder === dirname(folder) || folder === repository) break;
    if (repository === null && found !== null) break;
  }
  return { files, remarks: repository === null ? [] : beyond(repository, cwd) };
}

/** A repository in another one ends the search, and so does anyone's folder named `.git`. */
function beyond(repository: string, cwd: string): readonly string[] {
  if (repository === dirname(repository)) return [];
  const outer = repositoryAround(dirname(repository));
  if (outer === null) return [];
  const remarks: string[] = [];
  for (let folder = dirname(repository); ; folder = dirname(folder)) {
    const name = configNameIn(folder);
    if (name !== null)
      remarks.push(
        `${relative(cwd, join(folder, name))} is not in force: ${relative(cwd, join(repository, '.git'))} begins a repository of its own`,
      );
    if (folder === outer || folder === dirname(folder)) return remarks;
  }
}
