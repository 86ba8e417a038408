import type { RootEntry } from '../../../layers/root.ts';
import { cause, type StartCause } from '../cause.ts';
import { failure, refusal, startProgram } from '../program/start-program.ts';
import type { StartLink } from '../start.ts';
import type { Errno } from './errno.ts';
import type { Execution, Started, Surroundings } from './execution.ts';
import { parseShebang } from './shebang.ts';
import { walkPath } from './walk-path.ts';
import { reasonOf, undecidedBy } from './walk-reasons.ts';

/** exec_binprm of fs/exec.c: six files, the last of which must not be a script. */
const mostFiles = 6;

/** execve(2), through scripts to the ELF file that runs in the end (Linux 6.18). */
export function execute(
  around: Surroundings,
  start: Omit<Execution, 'script'>,
  links: StartLink[],
): Started {
  let { path, entry, words } = start;
  let script: RootEntry | null = null;
  for (let files = 1; ; files += 1) {
    if (files > mostFiles)
      return failure(
        'ELOOP',
        cause('interpreter', path),
        `scripts lead to scripts, ${mostFiles} times`,
      );
    if (entry.elf !== null) return startProgram(around, { path, entry, words, script }, links);
    if (entry.shebang === null)
      return failure('ENOEXEC', cause('format', path), noFormat(path, entry));
    const line = parseShebang(entry.shebang);
    if (line.interpreter === null)
      return failure('ENOEXEC', cause('interpreter', path), `${path}: ${line.because}`);
    const { interpreter, argument } = line;
    links.push({ what: `first line of ${path}`, saw: `#!${entry.shebang.slice(0, 128)}` });
    const walk = walkPath(around.walker, around.directory, interpreter);
    if (walk.outcome === 'undecided') return { outcome: 'end', end: undecidedBy(walk) };
    if (walk.outcome === 'error') {
      const why = reasonOf(walk, pathIn(around, interpreter));
      return failure(
        walk.errno,
        interpreterCause(walk.errno, interpreter),
        `${path} names ${quoted(interpreter)}${carriage(interpreter)}, and ${why}`,
      );
    }
    const refused = refusal(walk.entry, around.walker);
    if (refused !== null)
      return failure(
        'EACCES',
        cause('closed', interpreter),
        `${path} names ${interpreter}, and ${refused}`,
      );
    words = [interpreter, ...(argument === null ? [] : [argument]), path, ...words.slice(1)];
    script = entry;
    entry = walk.entry;
    path = interpreter;
  }
}

function interpreterCause(errno: Errno, interpreter: string): StartCause {
  if (interpreter.endsWith('\r')) return cause('line-ends', interpreter.trimEnd());
  return cause(errno === 'EACCES' ? 'closed' : 'interpreter', interpreter);
}

function pathIn({ directory }: Surroundings, path: string): string {
  return path.startsWith('/') ? path : `${directory === '/' ? '' : directory}/${path}`;
}

function quoted(name: string): string {
  return /^[\w./+-]+$/.test(name) ? name : JSON.stringify(name);
}

/** Lines that end as Windows ends them put a character into the interpreter's name. */
function carriage(interpreter: string): string {
  return interpreter.endsWith('\r') ? ' (its lines end in CR LF)' : '';
}

function noFormat(path: string, { size }: RootEntry): string {
  return size === 0 ? `${path} is empty` : `${path} is neither an ELF file nor begins with #!`;
}
