import { existsSync } from 'node:fs';
import type { Entry, EntryWalk } from '../../archive/entry.ts';
import { UnreadablePart, UsageError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import { codeOf, reasonOf } from '../../base/system-error.ts';
import { printableName } from '../../base/text.ts';
import { type OpenFile, openFile } from '../bytes/open-file.ts';
import type { RemoteSource } from '../remote/remote-source.ts';
import { rootTarget } from '../root/root-target.ts';
import type { Target } from '../source.ts';
import type { MappedFile } from './maps.ts';
import { allProcesses, lookAt, type Process } from './processes.ts';

const scheme = 'proc';

/** What runs on this machine: programs and libraries whose code processes have mapped. Of all, each root is one target. */
export default {
  scheme,
  summary: 'the program of a process, by its number, or of all processes with `proc:all`',
  recognised: null,
  opens: 'roots',
  async open(which, options) {
    if (options.platform !== null)
      throw new UsageError('--platform chooses among images, and proc: has none');
    if (!existsSync('/proc/self/maps'))
      throw new UsageError('proc: needs /proc of Linux, which is not here');
    return { targets: which === 'all' ? openAll() : [openOne(which)], close: async () => {} };
  },
} satisfies RemoteSource;

function openOne(which: string): Target {
  if (!/^[1-9]\d{0,9}$/.test(which))
    throw new UsageError(`proc:${which} is neither the number of a process nor proc:all`);
  const seen = lookAt(Number(which));
  if (seen === 'gone') throw new UsageError(`there is no process ${which}`);
  if (seen === 'kernel')
    throw new UsageError(`${which} is a thread of the kernel or has ended: it runs no file`);
  if (seen === 'refused')
    throw new UnreadablePart(
      `what process ${which} runs may not be seen by this user: run hullcheck as its user or as root`,
    );
  return targetOf(`${printableName(seen.name)} (process ${which})`, [seen], []);
}

function openAll(): readonly Target[] {
  const roots = new Map<string, Process[]>();
  const refused: number[] = [];
  for (const pid of allProcesses()) {
    const seen = lookAt(pid);
    if (seen === 'refused') refused.push(pid);
    if (typeof seen === 'string') continue;
    roots.set(seen.root, [...(roots.get(seen.root) ?? []), seen]);
  }
  const own = lookAt('self');
  const ownRoot = typeof own === 'string' ? '' : own.root;
  return [...roots].map(([root, processes]) => {
    const [first] = processes;
    const name =
      root === ownRoot
        ? 'all processes'
        : `all processes in the root of ${first?.pid} (${printableName(first?.name ?? '')})`;
    return targetOf(name, processes, root === ownRoot ? refusals(refused) : []);
  });
}

const mostNamed = 10;

function refusals(pids: readonly number[]): readonly Problem[] {
  if (pids.length === 0) return [];
  const more = pids.length > mostNamed ? ` and ${pids.length - mostNamed} more` : '';
  const message = `what these processes run may not be seen by this user: ${pids.slice(0, mostNamed).join(', ')}${more}`;
  return [{ kind: 'unreadable', where: '/proc', message }];
}

/** Judged as a package is: what is mapped was found already, and the rest of the root is not looked at. */
function targetOf(
  name: string,
  processes: readonly Process[],
  problems: readonly Problem[],
): Target {
  const target = rootTarget(name, scheme, null, (report) => walk(processes, report));
  return { ...target, kind: 'package', problems };
}

/** A file, and those who have it mapped. */
interface Used {
  readonly file: MappedFile;
  readonly users: { readonly pid: number; readonly range: string }[];
}

/** Each file once, sorted by path. */
async function* walk(processes: readonly Process[], report: (problem: Problem) => void): EntryWalk {
  const used = new Map<string, Used>();
  for (const { pid, files } of processes) {
    for (const file of files) {
      const key = `${file.path} ${file.inode}`;
      const found = used.get(key) ?? { file, users: [] };
      found.users.push({ pid, range: file.range });
      used.set(key, found);
    }
  }
  for (const [, { file, users }] of [...used].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const opened = open(file, users, report);
    if (opened === null) continue;
    try {
      yield entryOf(file, opened);
    } finally {
      opened.close();
    }
  }
}

/** By whichever process still has it. */
function open(
  file: MappedFile,
  users: Used['users'],
  report: (problem: Problem) => void,
): OpenFile | null {
  const where = printableName(file.path);
  let failure: string | null = null;
  for (const { pid, range } of users) {
    try {
      return openMapped(pid, { ...file, range });
    } catch (error) {
      if (codeOf(error) === '' && !(error instanceof UnreadablePart)) throw error;
      if (lookAt(pid) !== 'gone')
        failure = error instanceof UnreadablePart ? error.message : reasonOf(error);
    }
  }
  if (failure !== null) report({ kind: 'unreadable', where, message: failure });
  else {
    const message = 'left out: the process ended before it could be read';
    report({ kind: 'notice', where, message });
  }
  return null;
}

/**
 * By the mapping itself, which is the file whatever its name is by now; that is root's alone. Else by its name in the
 * process's root, if it is still the same file: a link there could lead out of it.
 */
function openMapped(pid: number, { range, path, inode }: MappedFile): OpenFile {
  try {
    return openFile(`/proc/${pid}/map_files/${range}`, 'follow');
  } catch (error) {
    if (codeOf(error) === '') throw error;
  }
  const opened = openFile(`/proc/${pid}/root${path}`, 'refuse');
  if (opened.stats.isFile() && BigInt(opened.stats.ino) === inode) return opened;
  opened.close();
  throw new UnreadablePart('the file that is mapped has another name by now, or none');
}

function entryOf({ path }: MappedFile, file: OpenFile): Entry {
  const { size, mode, uid, gid } = file.stats;
  return {
    path: path.replace(/^\//, ''),
    type: 'file',
    size,
    mode: mode & 0o7777,
    uid,
    gid,
    linkTarget: '',
    capability: null,
    body: () => file.stream(0, size),
  };
}
