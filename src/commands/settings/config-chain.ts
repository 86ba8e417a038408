import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { Config } from '../../policy/config/config.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import type { Note } from '../../report/policy-messages.ts';
import { type ConfigFile, configFileIn, configNameIn } from './config-file.ts';
import { markedRepository, repositoryAround, upwards } from './trusted-place.ts';

export interface ConfigChain {
  /** The farthest first: nearer files win. */
  readonly files: readonly ConfigFile[];
  /** Sentences: which files may have been meant, and are not read. */
  readonly remarks: readonly Note[];
}

/**
 * The configurations of all folders from the root of the repository down to the working directory. Outside a repository it
 * is the nearest one alone. Throws UsageError for one that is not valid.
 */
export async function findConfigChain(cwd: string, shape: Shape<Config>): Promise<ConfigChain> {
  const start = resolve(cwd);
  const repository = repositoryAround(start);
  const files: ConfigFile[] = [];
  for (const folder of upwards(start, repository)) {
    const found = await configFileIn(folder, cwd, shape);
    if (found !== null) files.unshift(found);
    if (repository === null && found !== null) break;
  }
  if (repository !== null) return { files, remarks: await beyond(repository, cwd, shape) };
  const nearest = files.at(-1);
  return { files, remarks: nearest === undefined ? [] : await above(nearest, cwd, shape) };
}

/**
 * Outside a repository nobody vouches for what lies farther away. But one file, such as etc/passwd, makes a repository look like
 * an unpacked system: its author must not get rid of the locks in its root.
 */
async function above(
  nearest: ConfigFile,
  cwd: string,
  shape: Shape<Config>,
): Promise<readonly Note[]> {
  const remarks: Note[] = [];
  const own = dirname(nearest.path);
  const marked = markedRepository(own);
  for (const folder of upwards(own, marked).slice(1)) {
    const name = configNameIn(folder);
    if (name === null) continue;
    const shown = relative(cwd, join(folder, name));
    if (marked !== null) await demandUnlocked(folder, cwd, shape);
    remarks.push(
      leftOut(
        shown,
        `${shown} is not in force: outside a repository the nearest file counts alone`,
      ),
    );
  }
  return remarks;
}

async function demandUnlocked(folder: string, cwd: string, shape: Shape<Config>): Promise<void> {
  const found = await configFileIn(folder, cwd, shape);
  const keeps = found === null ? null : whatItKeeps(found);
  if (found === null || keeps === null) return;
  throw new UsageError(
    `${found.name} ${keeps} and would not be in force: a folder here or above with .git looks like an unpacked image or package, which is never a repository. Give --extends ${found.name} to use it`,
  );
}

/** What a file may do to the policy of others; null: it has its own settings alone. */
function whatItKeeps({ config: { locked, extends: below = [] } }: ConfigFile): string | null {
  if (locked !== undefined) return 'locks settings';
  return below.length > 0 ? 'extends others' : null;
}

/** A repository in another one ends the search, and so does anyone's folder named `.git`. */
async function beyond(
  repository: string,
  cwd: string,
  shape: Shape<Config>,
): Promise<readonly Note[]> {
  if (repository === dirname(repository)) return [];
  const outer = repositoryAround(dirname(repository));
  if (outer === null) return [];
  const remarks: Note[] = [];
  const git = relative(cwd, join(repository, '.git'));
  for (const folder of upwards(dirname(repository), outer)) {
    const name = configNameIn(folder);
    if (name === null) continue;
    const shown = relative(cwd, join(folder, name));
    const because = `is not in force: ${git} begins a repository of its own`;
    const keeps = await keptIn(folder, cwd, shape);
    remarks.push(
      keeps === null
        ? leftOut(shown, `${shown} ${because}`)
        : unlocked(shown, `${shown} ${keeps} and ${because}`),
    );
  }
  return remarks;
}

/** What cannot be read may lock anything. */
async function keptIn(folder: string, cwd: string, shape: Shape<Config>): Promise<string | null> {
  try {
    const found = await configFileIn(folder, cwd, shape);
    return found === null ? null : whatItKeeps(found);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return 'cannot be read';
  }
}

/** Of a file that is not in force. */
function leftOut(origin: string, message: string): Note {
  return { kind: 'file-not-in-force', message, origin };
}

/** Of one that locks settings, or extends others that may. */
export function unlocked(origin: string, message: string): Note {
  return { kind: 'locks-not-in-force', message, origin };
}
