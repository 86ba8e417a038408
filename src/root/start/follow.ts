import type { RootEntry } from '../../layers/root.ts';
import { mayUse } from '../rights/permission.ts';
import { cause } from './cause.ts';
import { capital, type Errno, errorText } from './kernel/errno.ts';
import { execute } from './kernel/execute.ts';
import type { Started, Surroundings } from './kernel/execution.ts';
import { walkPath } from './kernel/walk-path.ts';
import { causeOf, notExecutable, reasonOf, undecidedBy } from './kernel/walk-reasons.ts';
import { becomeUser } from './launch/become-user.ts';
import { appletsOf, mayRunItself } from './launch/busybox-applets.ts';
import { launchOf } from './launch/followed-program.ts';
import type { RunningProgram } from './launch/launch.ts';
import { failure } from './program/start-program.ts';
import { mostFolders, pathsOf } from './runtime/search-folders.ts';
import { doubted, readScript } from './script/read-script.ts';
import { type Caller, type Executes, readsTexts, startText } from './script/start-text.ts';
import { fails, isEnd, type StartEnd, type StartLink, undecided } from './start.ts';

/** Programs that only start another one. Real chains have three. */
const mostStarters = 16;

type Running = Extract<Started, { outcome: 'program' }>;
/** From the first program that runs to the last one that is certain to. */
export function follow(first: Running, start: Surroundings, links: StartLink[]): StartEnd {
  return followFrom(first, start, links, 0);
}

function followFrom(
  first: Running,
  start: Surroundings,
  links: StartLink[],
  before: number,
): StartEnd {
  let around = start;
  let running: Running = first;
  let isOpen = false;
  for (let starters = before; starters < mostStarters; starters += 1) {
    const { program: path, entry, words, script } = running;
    const { environment } = around;
    const starter = { path, ...fileFacts(entry, around), words, isOpen, environment };
    const launch = launchOf(starter);
    switch (launch.how) {
      case 'runs':
        if (script !== null && !mayUse(script, 'read', around.walker.who))
          return undecided(`${path} has to read ${script.path}, and the user may not`);
        return { state: 'starts', program: path, beyond: launch.beyond };
      case 'fails':
        return fails(launch.cause ?? cause('options', path), launch.prints, launch.because);
      case 'unknown':
        return undecided(launch.because);
      case 'reads': {
        const read = readScript(starter, launch, around);
        if (isEnd(read)) return read;
        const { launch: last, environment: set, doubt } = read;
        around = { ...around, environment: set };
        const next = goOn(last, { ...starter, path: launch.script }, around, links);
        if (isEnd(next)) return doubt === null ? next : doubted(next, doubt);
        if (doubt !== null) {
          const end = followFrom(next, around, links, starters + 1);
          return doubted(end, doubt);
        }
        running = next;
        isOpen = false;
        break;
      }
      case 'executes': {
        const changed = changedBy(launch, around, running);
        if (isEnd(changed)) return changed;
        around = changed;
        const next = goOn(launch, starter, around, links);
        if (isEnd(next)) return next;
        running = next;
        ({ isOpen } = launch);
      }
    }
  }
  return undecided(`more than ${mostStarters} programs start one another`, 'limit');
}

/** The program that is started next. */
function goOn(
  launch: Executes,
  starter: RunningProgram,
  around: Surroundings,
  links: StartLink[],
): Running | StartEnd {
  const next = search(launch, starter, around, links);
  const [word = ''] = launch.words;
  if (next.outcome !== 'program' && mayRunItself(starter, word))
    return undecided(`${starter.path} may be a BusyBox that runs ${word} itself`);
  if (next.outcome === 'end') return next.end;
  return next.outcome === 'error' ? failed(launch, starter, next) : next;
}

function fileFacts(
  { path, inode }: RootEntry,
  { image: { found, root } }: Surroundings,
): Pick<RunningProgram, 'files' | 'names' | 'applets' | 'isLoader' | 'interpreter' | 'readsTexts'> {
  const binary = found.find(({ entry }) => entry.inode === inode);
  if (binary === undefined)
    return {
      files: [path],
      names: [path],
      applets: null,
      isLoader: false,
      interpreter: null,
      readsTexts: null,
    };
  const { interpreter, kind } = binary.extraction.facts;
  const names = [binary.entry.path, ...binary.aliases];
  return {
    files: names.filter((name) => root.entry(name)?.type === 'file'),
    names,
    applets: appletsOf(binary.extraction),
    isLoader: kind.known && kind.value.kind === 'loader',
    interpreter: interpreter.known ? interpreter.value : null,
    readsTexts: readsTexts(binary),
  };
}

function changedBy(
  { changes, user }: Executes,
  around: Surroundings,
  starter: Running,
): Surroundings | StartEnd {
  const environment = new Map(around.environment);
  for (const [name, value] of changes) {
    if (value === null) environment.delete(name);
    else environment.set(name, value);
  }
  if (user === null) return { ...around, environment };
  return becomeUser(user, { ...around, environment }, starter);
}

/** A name without a slash is tried in every folder of PATH, and what cannot be executed there is passed over. */
function search(
  { words, by }: Executes,
  starter: RunningProgram,
  around: Surroundings,
  links: StartLink[],
): Started {
  const [word = ''] = words;
  if (!word.includes('/') && !around.environment.has('PATH'))
    return {
      outcome: 'end',
      end: undecided(`PATH is not set, and what ${starter.path} searches then is its own`),
    };
  const paths = word.includes('/') ? [word] : pathsOf(word, around);
  if (paths.length > mostFolders)
    return { outcome: 'end', end: undecided(`PATH has more than ${mostFolders} folders`, 'limit') };
  let kept: Extract<Started, { outcome: 'error' }> | null = null;
  for (const path of paths) {
    const before = links.length;
    const tried = attempt(path, words, { starter, by }, around, links);
    if (tried.outcome !== 'error') return tried;
    links.length = before;
    if (!word.includes('/') && passedOver.has(tried.errno)) {
      if (kept === null || (kept.errno === 'ENOENT' && tried.errno === 'EACCES')) kept = tried;
    } else return tried;
  }
  if (kept !== null && (kept.errno === 'EACCES' || paths.length === 1)) return kept;
  const because =
    word === '' ? 'its name is empty' : `no folder of PATH holds an executable ${word}`;
  return failure('ENOENT', cause('missing', word), because);
}

const passedOver: ReadonlySet<Errno> = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);

function attempt(
  path: string,
  words: readonly string[],
  { starter, by }: Caller,
  around: Surroundings,
  links: StartLink[],
): Started {
  const { walker, directory } = around;
  const walk = walkPath(walker, directory, path);
  if (walk.outcome === 'undecided') return { outcome: 'end', end: undecidedBy(walk) };
  if (walk.outcome === 'error')
    return failure(walk.errno, causeOf(walk.errno, path), reasonOf(walk, path));
  const { entry } = walk;
  if (entry.type !== 'file')
    return failure('EACCES', cause('not-a-file', path), `${entry.path} is a ${entry.type}`);
  if (!mayUse(entry, 'execute', walker.who))
    return failure('EACCES', cause('closed', path), notExecutable(entry, walker));
  links.push({
    what: `${starter.path} starts`,
    saw: path === entry.path ? path : `${path}, which is ${entry.path}`,
  });
  const started = execute(around, { path, entry, words }, links);
  const isText = started.outcome === 'error' && started.errno === 'ENOEXEC' && entry.elf === null;
  return isText
    ? startText(around, { path, entry, words }, { starter, by }, started, links)
    : started;
}

function failed(
  { words: [word = ''], by }: Executes,
  { path }: RunningProgram,
  { errno, cause: why, because, program }: Extract<Started, { outcome: 'error' }>,
): StartEnd {
  const text = errno === 'ENOENT' && by === 'shell' ? 'not found' : capital(errorText(errno));
  const end = fails(why, `${path}: ${word}: ${text}`, because);
  return program === null ? end : { ...end, program };
}
