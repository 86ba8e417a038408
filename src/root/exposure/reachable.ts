import type { ImageConfig } from '../../base/image-config.ts';
import { normalisePath } from '../../base/normalise-path.ts';
import { oncePer } from '../../base/once-per.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { parseShebang } from '../start/kernel/shebang.ts';
import { commandsBehind, type NamedProgram, programsOfCommandLine } from './command-words.ts';
import { filesMentioned } from './mentioned.ts';
import { searchPath } from './search-path-of-shell.ts';

/** How the image's command line leads to a file. */
export interface Reach {
  /**
   * `mentioned`: the command, a script that it starts or a variable of the image names it, in whatever place. `service`: the health
   * check does, or a file of an init, a supervisor or cron that the image starts, or a script that one of them starts. `installed`: such a
   * file does, and the image starts nothing that reads it. `loaded`: a program that is reached, or
   * that has rights of its own, loads it at start. `unread`: nothing that was read leads to it, and `by` was not read.
   */
  readonly how:
    | NamedProgram['how']
    | 'interpreter'
    | 'mentioned'
    | 'service'
    | 'installed'
    | 'loaded'
    | 'unread';
  /** The word of the command line, the script or file that names it, or the program that loads it. */
  readonly by: string;
}

/** A script's interpreter may be a script: Linux follows five of them (fs/exec.c, exec_binprm). */
const mostInterpreters = 5;

/** PATH_MAX. What a config says may be longer. */
const longestPath = 4096;

/** How the start of an image leads to a file; null where nothing does. */
export type ReachOf = (inode: number) => Reach | null;

/** Files of a root that the command line of its image, or a service, leads to. The first way counts. It is searched once. */
export function findReachable(root: Root, config: ImageConfig | null): ReachOf {
  const known = reachesIn(root);
  const reachOf = known.get(config) ?? searchReachable(root, config);
  known.set(config, reachOf);
  return reachOf;
}

const reachesIn = oncePer((_: Root) => new Map<ImageConfig | null, ReachOf>());

function searchReachable(root: Root, config: ImageConfig | null): ReachOf {
  const found = new Map<number, Reach>();
  // Once: an environment may be as long as its document, and so may the command.
  const path = searchPath(config);
  const find = (word: string) => locate(root, word, config, path);
  for (const { word, how } of config === null ? [] : programsOfCommandLine(config)) {
    const entry = find(word);
    if (entry !== undefined) follow(root, entry, { how, by: word }, find, found);
  }
  const { files, unread } = filesMentioned(root, config, find);
  for (const { entry, how, by } of files) follow(root, entry, { how, by }, find, found);
  if (unread === null) return (inode) => found.get(inode) ?? null;
  const perhaps: Reach = { how: 'unread', by: unread };
  return (inode) => {
    const way = found.get(inode);
    return way === undefined || way.how === 'installed' ? perhaps : way;
  };
}

function follow(
  root: Root,
  start: RootEntry,
  reach: Reach,
  find: (word: string) => RootEntry | undefined,
  found: Map<number, Reach>,
): void {
  let entry: RootEntry | undefined = start;
  let way = reach;
  for (let depth = 0; entry !== undefined && depth <= mostInterpreters; depth += 1) {
    if (!found.has(entry.inode)) found.set(entry.inode, way);
    if (entry.shebang === null) return;
    const script: string = entry.path;
    const { interpreter, argument } = interpreterOf(entry.shebang);
    if (interpreter === null) return;
    entry = root.resolve(interpreter);
    way = { how: 'interpreter', by: script };
    const words = [interpreter, ...(argument === null ? [] : [argument]), script];
    const [next] = commandsBehind(words).commands[0] ?? [];
    if (entry === undefined || next === undefined || next === script) continue;
    // `#!/usr/bin/env -S python3 -u`: env is passed through on the way to what it looks up.
    if (!found.has(entry.inode)) found.set(entry.inode, way);
    entry = find(next);
  }
}

function interpreterOf(shebang: string): {
  readonly interpreter: string | null;
  readonly argument: string | null;
} {
  const line = parseShebang(shebang);
  return line.interpreter === null ? { interpreter: null, argument: null } : line;
}

/** As execvp(3): a word with a slash is a path, from the working directory; any other is looked up in PATH. */
function locate(
  root: Root,
  word: string,
  config: ImageConfig | null,
  searched: readonly string[],
): RootEntry | undefined {
  const workingDirectory = config?.workingDirectory ?? '';
  if (word.length + workingDirectory.length > longestPath) return undefined;
  if (word.includes('/')) {
    const path = word.startsWith('/') ? word : `${workingDirectory || '/'}/${word}`;
    return root.resolve(normalisePath(path));
  }
  for (const directory of searched) {
    const entry = root.resolve(`${directory}/${word}`);
    if (entry?.type === 'file' && (entry.mode & 0o111) !== 0) return entry;
  }
  return undefined;
}
