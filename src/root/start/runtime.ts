import { normalisePath } from '../../layers/normalise-path.ts';
import type { RootEntry } from '../../layers/root.ts';
import type { ImageConfig } from '../../sources/source.ts';
import { mayUse } from './credentials.ts';
import { pathVariable } from './environment.ts';
import { errorText } from './errors.ts';
import type { SeenImage } from './image-facts.ts';
import { fails, type StartEnd, undecided } from './start.ts';
import { type Walk, type Walker, walkPath } from './walk-path.ts';

/** A file that a name leads to, by the path that execve is given. */
export interface Located {
  readonly path: string;
  readonly entry: RootEntry;
}

/** Where ENTRYPOINT and CMD's first word leads, as a name for the image's start: links are not followed. */
export function namedPath({ root, config }: SeenImage, word: string): string {
  if (word.includes('/'))
    return normalisePath(word.startsWith('/') ? word : `${config.workingDirectory}/${word}`);
  for (const folder of pathVariable(config).split(':').slice(0, mostFolders)) {
    if (!folder.startsWith('/')) continue;
    const path = normalisePath(`${folder}/${word}`);
    if (root.resolve(path)?.type === 'file') return path;
  }
  return word;
}

/** Folders of PATH that are looked into: more are no path that anybody wrote. */
export const mostFolders = 1000;

/** The working directory of the first process. Runtimes make it where it is missing. */
export function enterDirectory(config: ImageConfig, walker: Walker): string | StartEnd {
  const given = config.workingDirectory === '' ? '/' : config.workingDirectory;
  if (!given.startsWith('/'))
    return fails(
      `the working directory '${given}' is invalid, it needs to be an absolute path`,
      `WorkingDir is ${given}, and runtimes demand an absolute path`,
    );
  // Runtimes change to it as root, before they become the user.
  const asRoot = { ...walker, who: { uid: 0, gid: 0, groups: [] } };
  const walk = walkPath(asRoot, '/', given);
  switch (walk.outcome) {
    case 'found':
      return walk.entry.type === 'directory'
        ? walk.entry.path
        : notDirectory(given, walk.entry.path);
    case 'undecided':
      return undecidedBy(walk);
    case 'error':
      if (walk.errno === 'ENOENT') return normalisePath(given);
      return notDirectory(given, walk.at);
  }
}

function notDirectory(given: string, at: string): StartEnd {
  return fails(
    `chdir to cwd ("${given}") set in config.json failed: not a directory`,
    `WorkingDir is ${given}, and ${at} is not a directory`,
  );
}

export function undecidedBy(walk: Extract<Walk, { outcome: 'undecided' }>): StartEnd {
  return undecided(walk.because, walk.isLimit ? 'limit' : undefined);
}

/**
 * The file that the runtime starts for the command's first word (runc: exec.LookPath as the user, crun: find_executable). A
 * word with a slash is a path from the working directory, any other is looked up in PATH.
 */
export function findExecutable(
  word: string,
  config: ImageConfig,
  directory: string,
  walker: Walker,
): Located | StartEnd {
  if (word === '')
    return fails(
      'exec "": executable file not found in $PATH',
      "the command's first word is empty",
    );
  if (word.includes('\0')) return undecided("the command's first word contains a NUL");
  if (word.includes('/')) return byPath(word, directory, walker);
  return bySearch(word, config, directory, walker);
}

function byPath(word: string, directory: string, walker: Walker): Located | StartEnd {
  const walk = walkPath(walker, directory, word);
  if (walk.outcome === 'undecided') return undecidedBy(walk);
  const path = word.startsWith('/') ? word : normalisePath(`${directory}/${word}`);
  if (isMountedOver(path)) return undecided(`what runtimes mount is in the place of ${path}`);
  if (walk.outcome === 'error') {
    return fails(`exec ${word}: ${errorText(walk.errno)}`, reasonOf(walk, path));
  }
  const { entry } = walk;
  if (entry.type === 'directory')
    return fails(`exec ${word}: is a directory`, `${path} is a directory`);
  if (entry.type !== 'file')
    return fails(`exec ${word}: permission denied`, `${path} is a ${entry.type}`);
  if (!mayUse(entry, 'execute', walker.who))
    return fails(`exec ${word}: permission denied`, notExecutable(entry, walker));
  return { path, entry };
}

/** What an image has there, its processes do not see. */
function isMountedOver(path: string): boolean {
  return /^\/(proc|sys|dev)(\/|$)/.test(path);
}

/** Why a path leads nowhere: `/app does not exist`, `/opt/app is a link to what does not exist`. */
export function reasonOf({ errno, at }: Extract<Walk, { outcome: 'error' }>, path: string): string {
  const isSame = at === path;
  switch (errno) {
    case 'ENOENT':
      return isSame ? `${path} does not exist` : `${path} leads to ${at}, which does not exist`;
    case 'EACCES':
      return `the folder ${at} on the way to ${path} is closed to the user`;
    case 'ENOTDIR':
      return `${path} leads through ${at}, which is not a directory`;
    case 'ELOOP':
      return `${path} leads into a loop of links at ${at}`;
    default:
      return `${path}: ${errorText(errno)}`;
  }
}

export function notExecutable({ path, mode, uid, gid }: RootEntry, { who }: Walker): string {
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  if ((mode & 0o111) === 0) return `${path} has mode ${octal}: nobody may execute it`;
  return `${path} has mode ${octal} and belongs to ${uid}:${gid}: user ${who.uid}:${who.gid} may not execute it`;
}

function bySearch(
  word: string,
  config: ImageConfig,
  directory: string,
  walker: Walker,
): Located | StartEnd {
  const folders = pathVariable(config).split(':');
  let refused: RootEntry | null = null;
  let isRelative = false;
  for (const folder of folders.slice(0, mostFolders)) {
    const walk = walkPath(walker, directory, folder === '' ? word : `${folder}/${word}`);
    if (walk.outcome === 'undecided') return undecidedBy(walk);
    if (walk.outcome === 'error' || walk.entry.type !== 'file') continue;
    if (!mayUse(walk.entry, 'execute', walker.who)) {
      refused ??= walk.entry;
      continue;
    }
    // Go refuses what it finds so (exec.ErrDot), and crun takes it.
    if (!folder.startsWith('/')) {
      isRelative = true;
      continue;
    }
    if (isRelative) break;
    return { path: `${folder.replace(/\/+$/, '')}/${word}`, entry: walk.entry };
  }
  if (isRelative)
    return undecided(`${word} is found by a relative part of PATH, which some runtimes refuse`);
  if (folders.length > mostFolders)
    return undecided(`PATH has more than ${mostFolders} folders`, 'limit');
  const why = refused === null ? '' : `, where ${notExecutable(refused, walker)}`;
  return fails(
    `exec ${word}: executable file not found in $PATH`,
    `no folder of PATH holds an executable ${word}${why}`,
  );
}

export function isLocated(value: Located | StartEnd): value is Located {
  return 'entry' in value;
}
