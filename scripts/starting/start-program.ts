import { spawnSync } from 'node:child_process';

/** How far a program came: every program of the cases prints `started` first and ends with status 42. */
export type Fate = 'starts' | 'dies at start' | 'dies at the first call';

export interface Start {
  readonly fate: Fate;
  /** What the kernel or the loader said. */
  readonly said: string;
}

/**
 * Starts a program of a root in that root, as a user without rights, so that setuid counts. /proc is there for
 * `$ORIGIN`. It is the only place of the project that runs what it judges: programs that were just built for it.
 */
export function startProgram(root: string, program: string, isRoot: boolean): Start {
  const script = `mount --rbind /proc "$1/proc" && cd / && exec chroot ${isRoot ? '--userspec=65534:65534 ' : ''}"$1" "$2"`;
  const words = [...(isRoot ? [] : ['-r']), '-m', '--propagation', 'private'];
  const { error, status, stdout, stderr } = spawnSync(
    'unshare',
    [...words, 'sh', '-c', script, 'sh', root, program],
    {
      encoding: 'utf8',
      timeout: 20_000,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    },
  );
  if (error) throw new Error(`unshare cannot be run: ${error.message}`);
  if (stderr.includes('unshare:') || stderr.includes('mount:')) throw new Error(stderr);
  const started = stdout.startsWith('started\n');
  const fate = !started ? 'dies at start' : status === 42 ? 'starts' : 'dies at the first call';
  return { fate, said: stderr.trim() };
}
