import { normalisePath } from '../../../base/normalise-path.ts';
import { mountedDirectories } from '../../../layers/overlay/tree.ts';
import type { Root, RootEntry } from '../../../layers/root.ts';
import type { ImageConfig } from '../../../sources/source.ts';
import { mayUse, octalMode } from '../../rights/permission.ts';
import { cause, type StartCause } from '../cause.ts';
import { type Errno, errorText } from '../kernel/errno.ts';
import { longestPath, type Walk, type Walker, walkPath } from '../kernel/walk-path.ts';
import type { SeenImage } from '../seen-image.ts';
import { brief, fails, isEnd, type StartEnd, undecided } from '../start.ts';
import { pathVariable, usualPath } from './environment.ts';

/** A file that a name leads to, by the path that execve is given. */
export interface Located {
  readonly path: string;
  readonly entry: RootEntry;
}

/** Where ENTRYPOINT and CMD's first word leads, as a name for the image's start: links are not followed. */
export function namedPath({ root, config }: SeenImage, word: string): string {
  if (word.length + config.workingDirectory.length > longestPath) return brief(word);
  if (word.includes('/'))
    return normalisePath(word.startsWith('/') ? word : `${config.workingDirectory}/${word}`);
  for (const folder of pathVariable(config).split(':', mostFolders)) {
    if (!folder.startsWith('/')) continue;
    const path = normalisePath(`${folder}/${word}`);
    if (root.resolve(path)?.type === 'file') return path;
  }
  return word;
}

/** Folders of PATH that are searched: more than any person writes. */
export const mostFolders = 1000;

/** Where the first process works. */
export interface WorkingDirectory {
  /** Absolute, links followed. */
  readonly directory: string;
  /** The same, where the runtime has to make it; null where the image has it. */
  readonly made: string | null;
}

/** Runtimes make it where it is missing, and change to it as root, before they become the user. */
export function enterDirectory(config: ImageConfig, walker: Walker): WorkingDirectory | StartEnd {
  if (config.workingDirectory.length > longestPath)
    return fails(
      cause('working-directory'),
      `chdir to cwd: ${errorText('ENAMETOOLONG')}`,
      `WorkingDir has ${config.workingDirectory.length} characters`,
    );
  const given = config.workingDirectory === '' ? '/' : config.workingDirectory;
  if (!given.startsWith('/'))
    return undecided(`WorkingDir is ${given}, and most runtimes demand an absolute path`);
  const asRoot = { ...walker, who: { uid: 0, gid: 0, groups: [] } };
  const walk = walkPath(asRoot, '/', given);
  if (walk.outcome === 'undecided') return undecidedBy(walk);
  if (walk.outcome === 'found')
    return walk.entry.type === 'directory'
      ? { directory: walk.entry.path, made: null }
      : notDirectory(given, walk.entry.path);
  if (walk.errno === 'ENOENT' && !endsInLink(walker.root, given)) {
    const made = normalisePath(`${walk.at}/${walk.rest.join('/')}`);
    return { directory: made, made };
  }
  if (walk.errno === 'ENOTDIR') return notDirectory(given, walk.at);
  return undecided(
    `WorkingDir is ${given}, where runtimes cannot make a directory: ${errorText(walk.errno)}`,
  );
}

/** A link to nothing: some make what it leads to, and others end. */
function endsInLink(root: Root, path: string): boolean {
  const parts = normalisePath(path).split('/');
  return parts.some((_, index) => {
    const above = parts.slice(0, index + 1).join('/') || '/';
    return root.entry(above)?.type === 'symlink' && root.resolve(above) === undefined;
  });
}

function notDirectory(given: string, at: string): StartEnd {
  return fails(
    cause('working-directory', given),
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
      cause('missing'),
      'exec "": executable file not found in $PATH',
      "the command's first word is empty",
    );
  if (word.length > longestPath)
    return fails(
      cause('missing', word),
      `exec ${brief(word)}: ${errorText('ENAMETOOLONG')}`,
      `the command's first word has ${word.length} characters`,
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
    const prints = `exec ${word}: ${errorText(walk.errno)}`;
    return fails(causeOf(walk.errno, path), prints, reasonOf(walk, path));
  }
  const { entry } = walk;
  if (entry.type === 'directory')
    return fails(
      cause('not-a-file', path),
      `exec ${word}: is a directory`,
      `${path} is a directory`,
    );
  if (entry.type !== 'file')
    return fails(
      cause('not-a-file', path),
      `exec ${word}: permission denied`,
      `${path} is a ${entry.type}`,
    );
  if (!mayUse(entry, 'execute', walker.who))
    return fails(
      cause('closed', path),
      `exec ${word}: permission denied`,
      notExecutable(entry, walker),
    );
  return { path, entry };
}

/** Of a path that a walk did not follow to its end. */
export function causeOf(errno: Errno, path: string): StartCause {
  switch (errno) {
    case 'EACCES':
      return cause('closed', path);
    case 'ENOTDIR':
      return cause('not-a-file', path);
    default:
      return cause('missing', path);
  }
}

function isMountedOver(path: string): boolean {
  return mountedDirectories.has(path.split('/', 2)[1] ?? '');
}

/** Why a path leads nowhere: `/app does not exist`, `/opt/app is a link to what does not exist`. */
export function reasonOf(
  { errno, at, closed }: Extract<Walk, { outcome: 'error' }>,
  path: string,
): string {
  const isSame = at === path;
  switch (errno) {
    case 'ENOENT':
      if (isSame) return `${plain(path)} does not exist`;
      return `${path}/`.startsWith(`${at}/`)
        ? `${plain(path)} does not exist, nor does its folder ${plain(at)}`
        : `${plain(path)} leads to ${plain(at)}, which does not exist`;
    case 'EACCES':
      return `${closed ?? `the folder ${at} is closed to the user`}, on the way to ${path}`;
    case 'ENOTDIR':
      return `${path} leads through ${at}, which is not a directory`;
    case 'ELOOP':
      return `${path} leads into a loop of links at ${at}`;
    default:
      return `${path}: ${errorText(errno)}`;
  }
}

/** Reports leave control characters out, and `/bin/sh` and a carriage return is not /bin/sh. */
function plain(path: string): string {
  return /[\0-\x1f\x7f]/.test(path) ? JSON.stringify(path) : path;
}

export function notExecutable({ path, mode, uid, gid }: RootEntry, { who }: Walker): string {
  const octal = octalMode(mode);
  if ((mode & 0o111) === 0) return `${path} has mode ${octal}: no one has permission to execute it`;
  return `${path} has mode ${octal} and belongs to ${uid}:${gid}: user ${who.uid}:${who.gid} may not execute it`;
}

/** The path of a name in a folder of PATH; an empty one is the working directory. */
export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder.replace(/\/+$/, '')}/${name}`;
}

/** Where a program searches that is not the runtime: by PATH of its own environment. */
export function pathsOf(
  word: string,
  { environment }: { readonly environment: ReadonlyMap<string, string> },
): readonly string[] {
  if (word === '') return [];
  const folders = (environment.get('PATH') ?? usualPath).split(':', mostFolders + 1);
  return folders.map((folder) => inFolder(folder, word));
}

/** runc looks as the user, crun as root: what only one of them finds, or both find in different places, is not decided. */
function bySearch(
  word: string,
  config: ImageConfig,
  directory: string,
  walker: Walker,
): Located | StartEnd {
  const found = searchAs(walker, word, config, directory);
  if (walker.who.uid === 0 || isEnd(found)) return found;
  const asRoot = { ...walker, who: { uid: 0, gid: 0, groups: [] } };
  const seen = searchAs(asRoot, word, config, directory);
  if (isEnd(seen) || seen.path === found.path) return found;
  return undecided(
    `PATH leads runtimes that look as root to ${seen.path}, and others to ${found.path}`,
  );
}

function searchAs(
  walker: Walker,
  word: string,
  config: ImageConfig,
  directory: string,
): Located | StartEnd {
  const variable = pathVariable(config);
  const folders = variable.split(':', mostFolders + 1);
  let refused: RootEntry | null = null;
  let isHere = false;
  for (const folder of folders.slice(0, mostFolders)) {
    if (folder === '' && isExecutableAt(`/${word}`, walker))
      return undecided(
        `an empty part of PATH is the root directory for some runtimes, and /${word} is there`,
      );
    if (variable === '') break;
    const path = inFolder(folder, word);
    const walk = walkPath(walker, directory, path);
    if (walk.outcome === 'undecided') return undecidedBy(walk);
    if (walk.outcome === 'error' || walk.entry.type !== 'file') continue;
    if (!mayUse(walk.entry, 'execute', walker.who)) refused ??= walk.entry;
    // Go refuses what it finds so (exec.ErrDot). crun takes a relative part, and an empty one for the root directory.
    else if (folder === '') isHere = true;
    else if (isHere || !folder.startsWith('/'))
      return undecided(`${word} is found by a relative part of PATH, which some runtimes refuse`);
    else return { path, entry: walk.entry };
  }
  if (folders.length > mostFolders)
    return undecided(`PATH has more than ${mostFolders} folders`, 'limit');
  const why = refused === null ? '' : `, where ${notExecutable(refused, walker)}`;
  return fails(
    refused === null ? cause('missing', word) : cause('closed', refused.path),
    `exec ${word}: executable file not found in $PATH`,
    `no folder of PATH holds an executable ${word}${why}`,
  );
}

function isExecutableAt(path: string, walker: Walker): boolean {
  const walk = walkPath(walker, '/', path);
  return (
    walk.outcome === 'found' &&
    walk.entry.type === 'file' &&
    mayUse(walk.entry, 'execute', walker.who)
  );
}

export function isLocated(value: Located | StartEnd): value is Located {
  return 'entry' in value;
}
