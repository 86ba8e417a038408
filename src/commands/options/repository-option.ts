import { existsSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { Repository } from '../../reporters/alerts/alert-names.ts';
import { realPath } from '../settings/trusted-place.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Set by GitHub Actions and by GitLab's runner. */
const workspaces = ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'] as const;

/** Returns the root of the repository that a folder belongs to. */
export type RootOf = (folder: string) => string;

/** null when neither the user nor a CI system sets it. Throws UsageError for a folder that does not exist. */
export function readRoot(named: string | undefined, cwd: string, env: Environment): RootOf | null {
  if (Array.isArray(named)) throw new UsageError('--sarif-root was given more than once');
  if (named !== undefined) {
    const root = namedFolder(named, cwd);
    return () => root;
  }
  const workspace = workspaceOf(env);
  return workspace === null ? null : (folder) => checkoutIn(workspace, realPath(folder) ?? folder);
}

export function repositoryAt(cwd: string, rootOf: RootOf): Repository {
  return { root: rootOf(cwd), cwd: realPath(cwd) ?? cwd };
}

/** The workspace of the CI system, without links. */
function workspaceOf(env: Environment): string | null {
  for (const name of workspaces) {
    const path = env[name];
    const folder = path === undefined || !isAbsolute(path) ? null : realPath(path);
    if (folder !== null && isFolder(folder)) return folder;
  }
  return null;
}

/**
 * A workspace may contain several checkouts: returns the outermost folder on the way to `folder` that git manages. A checkout
 * further down is a submodule.
 */
function checkoutIn(workspace: string, folder: string): string {
  const way = relative(workspace, folder);
  if (isAbsolute(way) || way.split(sep)[0] === '..') return workspace;
  let at = workspace;
  for (const step of ['', ...way.split(sep)]) {
    at = join(at, step);
    if (existsSync(join(at, '.git'))) return at;
  }
  return workspace;
}

function namedFolder(named: string, cwd: string): string {
  const path = resolve(cwd, named);
  try {
    if (statSync(path).isDirectory()) return realpathSync(path);
  } catch (error) {
    throw new UsageError(`cannot read the folder of --sarif-root, ${named}: ${reasonOf(error)}`);
  }
  throw new UsageError(`--sarif-root is ${named}, which is not a folder`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
