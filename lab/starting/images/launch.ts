import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../test/support/repository.ts';
import type { Fate } from '../starting-case.ts';
import type { ImageSettings } from './image-case.ts';
import { emulatorOf, type Machine } from './lab-roots.ts';
import { userOf } from './user-of.ts';

export interface RealStart {
  readonly fate: Fate;
  /** In a few words: `exec ENOEXEC`, `signal 11`, `exit 127: Error loading shared library libx.so`. */
  readonly how: string;
}

export const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function compileLauncher(scratch: string): string {
  const launcher = join(scratch, 'launcher');
  const source = join(repositoryRoot, 'lab/starting/images/launcher.c');
  execFileSync('gcc', ['-O1', '-static', '-o', launcher, source]);
  return launcher;
}

/** Starts the command line of an image in its root, as a runtime would. Every program prints `started` and ends with 42. */
export function startImage(
  launcher: string,
  root: string,
  machine: Machine,
  image: ImageSettings,
): RealStart {
  const emulator = installEmulator(root, machine);
  const user = userOf(root, image.user ?? '');
  if (user === null) return { fate: 'dies at start', how: 'there is no such user' };
  const directory = image.workingDir ?? '/';
  for (const path of ['/proc', directory]) mkdirSync(join(root, path), { recursive: true });
  const words = [...(image.entrypoint ?? []), ...(image.cmd ?? [])];
  if (words.length === 0) return { fate: 'dies at start', how: 'there is no command' };
  const { stdout, stderr, output, error } = spawnSync(
    launcher,
    [root, directory, String(user.uid), String(user.gid), emulator, ...words],
    {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: environmentOf(image),
    },
  );
  if (error) throw error;
  const [end = ''] = (output[3] ?? '').split('\n');
  if (end === '' || end.startsWith('broken')) throw new Error(`the launcher failed: ${end}`);
  const [line = ''] = stderr.trim().split('\n').slice(-1);
  return { fate: fateOf(stdout, end), how: line === '' ? end : `${end}: ${line.slice(0, 200)}` };
}

function fateOf(stdout: string, end: string): Fate {
  if (!stdout.startsWith('started\n')) return 'dies at start';
  return end === 'exit 42' ? 'starts' : 'dies at the first call';
}

function environmentOf({ env = [] }: ImageSettings): Record<string, string> {
  const pairs = [defaultPath, ...env].map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** Only the copy that is started has it, not the image that is judged. */
function installEmulator(root: string, machine: Machine): string {
  const emulator = emulatorOf(machine);
  if (emulator === null) return '-';
  copyFileSync(emulator, join(root, 'emulator'));
  return '/emulator';
}
