// supporting: the Dockerfile at whose instructions alerts stand
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { mostBytes } from '../dockerfile/parse-dockerfile.ts';
import { UsageError } from '../errors.ts';
import type { RenderOptions } from '../reporters/reporter.ts';
import { reasonOf } from '../sources/system-error.ts';

type Dockerfile = NonNullable<RenderOptions['dockerfile']>;

/**
 * The one that the user named, or the one beside the configuration; null where there is none. Throws UsageError where a named
 * one cannot be read, or is longer than what a person writes.
 */
export function readDockerfile(
  named: string | undefined,
  cwd: string,
  folder: string | null,
): Dockerfile | null {
  if (Array.isArray(named)) throw new UsageError('--dockerfile was given more than once');
  if (named !== undefined) return read(resolve(cwd, named), cwd, true);
  const found = folder === null ? null : join(folder, 'Dockerfile');
  if (found === null || !existsSync(found)) return null;
  try {
    return read(found, cwd, false);
  } catch (error) {
    // Nobody asked for it: the alerts stand where they would without it.
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function read(path: string, cwd: string, isNamed: boolean): Dockerfile {
  const file = inRepository(path, cwd);
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new UsageError(`${file} is not a regular file`);
    if (stats.size > mostBytes)
      throw new UsageError(`${file} has more than ${mostBytes} bytes, which is not a Dockerfile`);
    return { file, text: readFileSync(path, 'utf8'), isNamed };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the Dockerfile ${file}: ${reasonOf(error)}`);
  }
}

/** As a viewer of code names it: from the folder on that git manages, else from the working directory. */
function inRepository(path: string, cwd: string): string {
  const root = repositoryOf(path) ?? cwd;
  const name = relative(root, path);
  return (name.startsWith('..') ? relative(cwd, path) : name).split(sep).join('/');
}

function repositoryOf(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return null;
  }
}
