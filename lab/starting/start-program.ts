import { spawnSync } from 'node:child_process';
import { starter } from './starter.ts';
import type { Fate, StartingContext } from './starting-case.ts';

export interface Start {
  readonly fate: Fate;
  /** What the kernel or the loader said. */
  readonly said: string;
}

/**
 * Starts a program of a root in that root, as a user without rights, so that setuid counts, or as an image says.
 * /proc is there for `$ORIGIN`. It is the only place of the project that runs what it judges: programs that were just built for it.
 */
export function startProgram(
  root: string,
  program: string,
  isRoot: boolean,
  context: StartingContext | null = null,
): Start {
  const user = context === null ? '65534:65534' : context.user || '0:0';
  const script = `mount --rbind /proc "$1/proc" && exec "$0" "$@"`;
  const words = [...(isRoot ? [] : ['-r']), '-m', '--propagation', 'private'];
  const ids = isRoot ? user.split(':') : ['-1', '-1'];
  const place = context?.workingDirectory || '/';
  const environment = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', ...(context?.environment ?? [])];
  const { error, status, stdout, stderr } = spawnSync(
    'unshare',
    [...words, 'sh', '-c', script, starter(), root, place, ...ids, program, ...environment],
    {
      encoding: 'utf8',
      timeout: 20_000,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    },
  );
  if (error) throw new Error(`unshare cannot be run: ${error.message}`);
  if (/(unshare|mount|starter):/.test(stderr)) throw new Error(stderr);
  const started = stdout.startsWith('started\n');
  const fate = !started ? 'dies at start' : status === 42 ? 'starts' : 'dies at the first call';
  return { fate, said: stderr.trim() };
}
