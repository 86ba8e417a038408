import { spawnSync } from 'node:child_process';
import { program } from './program.ts';

export type Environment = Readonly<Record<string, string>>;

/** Runs the program in a folder, with nothing of this environment but the path of programs. */
export function hullcheckIn(folder: string) {
  return (argv: readonly string[], env: Environment = {}) => {
    const { PATH } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH, ...env },
      maxBuffer: 2 ** 28,
    });
    return { status, stdout, stderr };
  };
}
