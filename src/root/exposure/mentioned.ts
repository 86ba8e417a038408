import { normalisePath } from '../../layers/normalise-path.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import type { ImageConfig } from '../../sources/source.ts';
import { decodeName } from '../../text.ts';
import { isForShell, withoutComments } from './script-text.ts';
import { searchPath } from './search-path-of-shell.ts';
import { isServiceFile, wordsOfService } from './service-files.ts';
import { createRunnerSearch, type RunnerSearch } from './service-runners.ts';

/** A file that something names which the image starts. */
export interface Mentioned {
  readonly entry: RootEntry;
  /** `installed`: a service's file names it, and nothing that the image starts would run services. */
  readonly how: 'mentioned' | 'service' | 'installed';
  /** What names it: a word of the command, a variable, the health check, or the path of a script or of a service's file. */
  readonly by: string;
}

interface Named {
  readonly text: string;
  readonly by: string;
}

/**
 * Look-ups of each kind: hostile commands and scripts have any number of words, and a PATH of any length. Words for PATH do not
 * use up what paths may take.
 */
const mostLookUps = 500_000;
const mostScripts = 64;
const mostFolders = 16;

/** PATH_MAX */
const longestWord = 4095;

/**
 * Files that words of the command name, of scripts that are named so, of the variables of the image, and of what runs beside its
 * command: services and the health check. It does not ask what a shell would do with a word: in quotes, behind `nice`, in a condition or
 * in an assignment it is a word all the same. Who asks takes the files for what may be started, never for what is not.
 */
export function filesMentioned(
  root: Root,
  config: ImageConfig | null,
  locate: (word: string) => RootEntry | undefined,
): readonly Mentioned[] {
  const found = new Map<number, Mentioned>();
  const place = { root, locate, onPath: searchPath(config).length };
  const runners = createRunnerSearch(config);
  if (config !== null) {
    findIn(textsOfCommand(config), { how: 'mentioned', runners }, place, found);
    findIn(textsOfHealthCheck(config), { how: 'service' }, place, found);
  }
  const how = runners.runsServices() ? 'service' : 'installed';
  findIn(textsOfServices(root), { how }, place, found);
  return [...found.values()];
}

interface Place {
  readonly root: Root;
  readonly locate: (word: string) => RootEntry | undefined;
  /** Folders of PATH. */
  readonly onPath: number;
}

function findIn(
  texts: Named[],
  { how, runners }: { readonly how: Mentioned['how']; readonly runners?: RunnerSearch },
  { root, locate, onPath }: Place,
  found: Map<number, Mentioned>,
): void {
  const folders: string[] = [];
  const lookUps = { onPath: 0, paths: 0 };
  let scripts = 0;
  for (const { text, by } of texts) {
    for (const word of wordsOf(text)) {
      if (word.includes('/')) lookUps.paths += 1 + folders.length;
      else lookUps.onPath += onPath;
      if ((word.includes('/') ? lookUps.paths : lookUps.onPath) > mostLookUps) {
        runners?.leaveOut();
        continue;
      }
      runners?.addWord(word);
      for (const entry of entriesOf(word, { root, folders, locate })) {
        if (entry.type === 'directory' && folders.length < mostFolders) folders.push(entry.path);
        if (entry.type !== 'file') continue;
        runners?.addFile(word, entry.path);
        if (found.has(entry.inode)) continue;
        found.set(entry.inode, { entry, how, by });
        if (entry.shebang === null) continue;
        const script = scripts < mostScripts ? root.text(entry.path) : undefined;
        if (script === undefined) {
          if (isForShell(entry.shebang)) runners?.leaveOut();
          continue;
        }
        scripts += 1;
        texts.push({ text: withoutComments(decodeName(script)), by: entry.path });
      }
    }
  }
}

function textsOfCommand(config: ImageConfig): Named[] {
  return [
    ...[...config.entrypoint, ...config.cmd].map((text) => ({ text, by: 'the command' })),
    ...pathsInVariables(config).map((text) => ({ text, by: 'a variable' })),
  ];
}

function textsOfHealthCheck({ healthcheck }: ImageConfig): Named[] {
  return (healthcheck ?? []).map((text) => ({ text, by: 'the health check' }));
}

function textsOfServices(root: Root): Named[] {
  const texts: Named[] = [];
  for (const path of root.textPaths()) {
    if (!isServiceFile(path)) continue;
    const text = root.text(path);
    if (text === undefined) continue;
    texts.push({ text: wordsOfService(path, decodeName(text)), by: path });
  }
  return texts;
}

/** `LD_PRELOAD` and what scripts take programs from. */
function pathsInVariables({ env }: ImageConfig): readonly string[] {
  return env
    .filter((setting) => !setting.startsWith('PATH='))
    .map((setting) => setting.slice(setting.indexOf('=') + 1))
    .filter((value) => value.includes('/'));
}

/** Each once; what stands at the end of a sentence or of a line of YAML is no part of it. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [word] of text.matchAll(/[^\s"'`\\(){}<>[\]=;|&$:,]+/g)) {
    if (word.length <= longestWord && !word.startsWith('-')) words.add(word);
  }
  return words;
}

/** What begins at no certain folder may begin at each that was named. */
function* entriesOf(
  word: string,
  {
    root,
    folders,
    locate,
  }: {
    readonly root: Root;
    readonly folders: readonly string[];
    readonly locate: (word: string) => RootEntry | undefined;
  },
): Generator<RootEntry> {
  const first = locate(word);
  if (first !== undefined) yield first;
  if (!word.includes('/') || word.startsWith('/')) return;
  for (const folder of [...folders]) {
    const path = `${folder}/${word}`;
    const entry = path.length > longestWord ? undefined : root.resolve(normalisePath(path));
    if (entry !== undefined) yield entry;
  }
}
