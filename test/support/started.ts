import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a program ended: its exit code, or the signal that ended it. */
export type End = number | NodeJS.Signals | null;

const nobody = 65_534;

/** Whether programs for x86-64 with this loader can be started here. */
export function canStart(loader: string): boolean {
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(loader);
}

/** Starts a program that a test made, as nobody where that is allowed, in an empty folder and for a few seconds at most. */
export function endOf(program: Buffer, environment: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'started-'));
  chmodSync(folder, 0o755);
  const path = join(folder, 'program');
  writeFileSync(path, program, { mode: 0o755 });
  const isRoot = process.getuid?.() === 0;
  try {
    const { status, signal, stdout, stderr } = spawnSync(path, {
      cwd: folder,
      // Samples copy their name into a small array: the folder's name must not decide whether it fits.
      argv0: 'program',
      env: environment,
      encoding: 'latin1',
      timeout: 20_000,
      ...(isRoot && { uid: nobody, gid: nobody }),
    });
    const end: End = status ?? signal;
    return { end, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
