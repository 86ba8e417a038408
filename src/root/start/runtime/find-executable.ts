import type { ImageConfig } from '../../../base/image-config.ts';
import { normalisePath } from '../../../base/normalise-path.ts';
import { mountedDirectories } from '../../../layers/overlay/tree.ts';
import type { RootEntry } from '../../../layers/root.ts';
import { mayUse } from '../../rights/permission.ts';
import { cause } from '../cause.ts';
import { errorText } from '../kernel/errno.ts';
import { longestPath, type Walker, walkPath } from '../kernel/walk-path.ts';
import { causeOf, notExecutable, reasonOf, undecidedBy } from '../kernel/walk-reasons.ts';
import { brief, fails, isEnd, type StartEnd, undecided } from '../start.ts';
import { pathVariable } from './environment.ts';
import { inFolder, mostFolders } from './search-folders.ts';

/** A file that a name leads to, by the path that execve is given. */
export interface Located {
  readonly path: string;
  readonly entry: RootEntry;
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

function isMountedOver(path: string): boolean {
  return mountedDirectories.has(path.split('/', 2)[1] ?? '');
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
