import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { codeOf } from '../../base/system-error.ts';
import { decodeName } from '../../base/text.ts';
import { type MappedFile, mappedFiles } from './maps.ts';

/** A process that runs, and the files whose code it runs. */
export interface Process {
  readonly pid: number;
  /** Its name, as `ps` shows it. */
  readonly name: string;
  /** Distinguishes roots: processes of one root see the same files under the same names. */
  readonly root: string;
  /** Its program, then its libraries. */
  readonly files: readonly MappedFile[];
}

/** What may be known of a process: all of it, that it is not ours to see, or that it is none (any more), or the kernel's. */
export type Seen = Process | 'refused' | 'gone' | 'kernel';

export function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Reads, and nothing else: no process is stopped, traced or signalled. */
export function lookAt(which: number | 'self'): Seen {
  const folder = `/proc/${which}`;
  try {
    const name = decodeName(readFileSync(`${folder}/comm`)).trimEnd();
    const files = mappedFiles(readFileSync(`${folder}/maps`));
    // A thread of the kernel has no program; a process that has ended but for its exit code has none either.
    if (files.length === 0) return 'kernel';
    const pid = which === 'self' ? 0 : which;
    return { pid, name, root: rootOf(folder), files };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR') return 'gone';
    if (code === 'EACCES' || code === 'EPERM') return 'refused';
    throw error;
  }
}

function rootOf(folder: string): string {
  const { dev, ino } = statSync(`${folder}/root/`, { bigint: true });
  return `${readlinkSync(`${folder}/ns/mnt`)} ${dev}:${ino}`;
}
