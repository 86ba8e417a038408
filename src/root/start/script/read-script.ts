import { decodeName } from '../../../base/text.ts';
import { mayUse } from '../../rights/permission.ts';
import { cause } from '../cause.ts';
import { capital, errorText } from '../kernel/errno.ts';
import type { Surroundings } from '../kernel/execution.ts';
import { walkPath } from '../kernel/walk-path.ts';
import { causeOf, reasonOf, undecidedBy } from '../kernel/walk-reasons.ts';
import type { Launch, RunningProgram } from '../launch/launch.ts';
import { pathsOf } from '../runtime/search-folders.ts';
import { fails, type StartEnd, undecided } from '../start.ts';
import { readEntryScript } from './entry-script.ts';
import { isPlain } from './shell-text.ts';

/** What a script ends with. */
export interface ReadScript {
  readonly launch: Extract<Launch, { how: 'executes' }>;
  readonly environment: ReadonlyMap<string, string>;
  /** null: nothing before keeps its last command from running. */
  readonly doubt: Doubt | null;
}

interface Doubt {
  readonly script: string;
  readonly shell: string;
  /** It does not speak of the word, and does not change what it was given. */
  readonly isUnlikely: boolean;
}

/** A shell needs no right to execute what it reads, but one to read. */
export function readScript(
  { path: shell }: RunningProgram,
  { script, given }: Extract<Launch, { how: 'reads' }>,
  around: Surroundings,
): ReadScript | StartEnd {
  const { walker, directory } = around;
  const walk = walkPath(walker, directory, script);
  const starts = leftTo(script, shell);
  if (walk.outcome === 'undecided') return undecidedBy(walk);
  if (walk.outcome === 'error') {
    if (!script.includes('/') && pathsOf(script, around).some((path) => walker.root.resolve(path)))
      return starts;
    return fails(
      causeOf(walk.errno, script),
      `${shell}: cannot open ${script}: ${capital(errorText(walk.errno))}`,
      reasonOf(walk, script),
    );
  }
  const { entry } = walk;
  if (entry.elf !== null)
    return undecided(`${shell} is given ${script} to read, which is a program and not a text`);
  if (entry.type !== 'file') return starts;
  if (!mayUse(entry, 'read', walker.who)) {
    const { uid, gid } = walker.who;
    return fails(
      cause('closed', script),
      `${shell}: cannot open ${script}: Permission denied`,
      `user ${uid}:${gid} may not read ${entry.path}, which its shell has to`,
    );
  }
  return lastCommandOf(entry.path, { script, shell, given }, around) ?? starts;
}

function lastCommandOf(
  path: string,
  {
    script,
    shell,
    given,
  }: { readonly script: string; readonly shell: string; readonly given: readonly string[] },
  { walker, environment }: Surroundings,
): ReadScript | null {
  const bytes = walker.root.text(path);
  if (bytes === undefined) return null;
  const text = decodeName(bytes);
  const read = readEntryScript(text, given, environment);
  const [word] = read?.words ?? [];
  if (read === null || word === undefined || !isPlain(word)) return null;
  const isGiven = given.includes(word);
  const isUnlikely = !(isGiven && mayChange(text, word));
  return {
    launch: {
      how: 'executes',
      words: read.words,
      isOpen: false,
      by: 'shell',
      changes: new Map(),
      user: null,
    },
    environment: new Map([...environment, ...read.changes]),
    doubt: read.isCertain ? null : { script, shell, isUnlikely },
  };
}

/** Whether a script may make another command of the word that it was given: `start) exec /app/server`, `set -- redis "$@"`. */
function mayChange(text: string, word: string): boolean {
  return (
    word.startsWith('-') ||
    /\bset\s+--|\bshift\b|\beval\b|\bcase\b/.test(text) ||
    text.includes(word)
  );
}

function leftTo(script: string, shell: string): Extract<StartEnd, { state: 'starts' }> {
  return { state: 'starts', program: shell, beyond: `what ${script} does then is not judged` };
}

/** What a script does before its last command may make it end otherwise. */
export function doubted(end: StartEnd, { script, shell, isUnlikely }: Doubt): StartEnd {
  if (end.state !== 'fails' || !isUnlikely) return leftTo(script, shell);
  return undecided(
    `${script} ends in ${end.prints} (${end.because}), unless what it does before changes that`,
  );
}
