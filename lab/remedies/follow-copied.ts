import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainScan } from '../plain-scan.ts';
import { copiedCommand, heavyFindings } from './copied-command.ts';
import type { CopyCase } from './copy-case.ts';

export interface Copied {
  readonly before: readonly string[];
  readonly command: string | null;
  readonly after: readonly string[];
  /** null: it starts as before, or is not to be started. */
  readonly failure: string | null;
}

/** Builds it badly, copies the command of the report in front of the same build, and judges what that gives. */
export async function followCopied(given: CopyCase): Promise<Copied> {
  const folder = mkdtempSync(join(tmpdir(), 'copied-'));
  try {
    const bad = run(folder, 'before', `${given.before}\n${given.build}`);
    const judged = await plainScan(bad);
    const command = copiedCommand(judged);
    const good = run(folder, 'after', `${given.before}\n${command ?? ''}\n${given.build}`);
    return {
      before: heavyFindings(judged),
      command,
      after: heavyFindings(await plainScan(good)),
      failure: given.starts ? differenceOf(bad, good) : null,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function isRightCopy({ fails }: CopyCase, { before, after, failure }: Copied): boolean {
  const isBad = fails.every((rule) => before.some((found) => found.includes(` ${rule}: `)));
  return isBad && after.length === 0 && failure === null;
}

function run(folder: string, which: string, script: string): string {
  const place = join(folder, which);
  mkdirSync(place);
  const out = join(place, 'result');
  execFileSync('bash', ['-ec', script], {
    cwd: place,
    // Nothing of the machine's own flags.
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      source: process.env['source'],
      out,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 2 ** 26,
  });
  return out;
}

function differenceOf(bad: string, good: string): string | null {
  const print = (file: string) => {
    const { stdout, status } = spawnSync(file, ['--version'], { encoding: 'utf8', input: '' });
    return `${status} ${stdout}`;
  };
  const [before, after] = [print(bad), print(good)];
  return before === after ? null : `prints ${after} and before ${before}`;
}
