import type { Binary } from '../../binaries.ts';
import { cause } from '../cause.ts';
import { execute } from '../kernel/execute.ts';
import type { Execution, Started, Surroundings } from '../kernel/execution.ts';
import { walkPath } from '../kernel/walk-path.ts';
import { reasonOf, undecidedBy } from '../kernel/walk-reasons.ts';
import type { Launch, RunningProgram } from '../launch/launch.ts';
import { failure, refusal } from '../program/start-program.ts';
import { type StartLink, undecided } from '../start.ts';

export type Executes = Extract<Launch, { how: 'executes' }>;

export interface Caller {
  readonly starter: RunningProgram;
  readonly by: Executes['by'];
}

/** Whether execvp of a program's C library starts a shell for a text without `#!`; null where that is not known. */
export function readsTexts({ extraction: { facts } }: Binary): boolean | null {
  // Go executes by itself.
  if (facts.language.known && facts.language.value.some(({ name }) => name === 'go')) return false;
  if (!facts.libc.known) return null;
  const { name } = facts.libc.value;
  if (name === 'glibc') return true;
  return name === 'musl' || name === 'none' ? false : null;
}

const shellPath = '/bin/sh';

/** Linux refuses a text without `#!`. Shells read it themselves, and glibc's execvp gives it to /bin/sh (posix/execvpe.c). */
export function startText(
  around: Surroundings,
  { path, entry, words }: Omit<Execution, 'script'>,
  { starter, by }: Caller,
  refused: Started,
  links: StartLink[],
): Started {
  if (by === 'shell')
    return {
      outcome: 'end',
      end: {
        state: 'starts',
        program: path,
        beyond: 'a shell reads it, since it does not begin with #!',
      },
    };
  if (starter.readsTexts === false) return refused;
  if (starter.readsTexts === null) {
    const because = `${path} does not begin with #!, and the C library of its starter decides whether a shell reads it`;
    return { outcome: 'end', end: undecided(because) };
  }
  const walk = walkPath(around.walker, '/', shellPath);
  if (walk.outcome === 'undecided') return { outcome: 'end', end: undecidedBy(walk) };
  const why = `${path} does not begin with #!, so ${shellPath} has to read it, and`;
  if (walk.outcome === 'error')
    return failure(
      walk.errno,
      cause('interpreter', shellPath),
      `${why} ${reasonOf(walk, shellPath)}`,
    );
  const closed = refusal(walk.entry, around.walker);
  if (closed !== null) return failure('EACCES', cause('closed', shellPath), `${why} ${closed}`);
  links.push({ what: 'no first line', saw: `${path}, so glibc has ${shellPath} read it` });
  const given = [shellPath, path, ...words.slice(1)];
  const started = execute(around, { path: shellPath, entry: walk.entry, words: given }, links);
  return started.outcome === 'program' ? { ...started, script: entry } : started;
}
