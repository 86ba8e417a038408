import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import { mostBytes } from '../../reporters/dockerfile/parse-dockerfile.ts';
import type { RenderOptions } from '../../reporters/reporter.ts';
import type { RootOf } from './repository-option.ts';

type Dockerfile = NonNullable<RenderOptions['dockerfile']>;

/**
 * The Dockerfile that the user named, or the one next to the configuration file; null when there is none. Throws UsageError
 * when a named one cannot be read or is too large.
 */
export function readDockerfile(
  named: string | undefined,
  cwd: string,
  folder: string | null,
  rootOf: RootOf | null = null,
): Dockerfile | null {
  if (Array.isArray(named)) throw new UsageError('--dockerfile was given more than once');
  const where = { cwd, rootOf };
  if (named !== undefined) return read(resolve(cwd, named), where, true);
  const found = folder === null ? null : join(folder, 'Dockerfile');
  if (found === null || !existsSync(found)) return null;
  try {
    return read(found, where, false);
  } catch (error) {
    // The user did not name it: alerts are placed as without it.
    if (error instanceof UsageError) return null;
    throw error;
  }
}

interface Where {
  readonly cwd: string;
  /** From the user or a CI system. */
  readonly rootOf: RootOf | null;
}

function read(path: string, where: Where, isNamed: boolean): Dockerfile {
  const file = inRepository(path, where);
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new UsageError(`${file} is not a regular file`);
    if (stats.size > mostBytes)
      throw new UsageError(`${file} has more than ${mostBytes} bytes, too many for a Dockerfile`);
    return { file, text: readFileSync(path, 'utf8'), isNamed };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the Dockerfile ${file}: ${reasonOf(error)}`);
  }
}

/** Relative to the repository, as code viewers show it, else to the folder that git manages or the working directory. */
function inRepository(path: string, { cwd, rootOf }: Where): string {
  const folder = dirname(path);
  const roots = [...(rootOf === null ? [] : [rootOf(folder)]), repositoryOf(path) ?? cwd];
  const names = roots.map((root) => relative(root, path));
  const name = names.find((each) => !each.startsWith('..')) ?? relative(cwd, path);
  return name.split(sep).join('/');
}

function repositoryOf(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return null;
  }
}
