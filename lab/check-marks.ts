/**
 * check-marks [PART] [--slice N/M]: every failing program of samples/elf, times every mark. No mark makes a verdict better, and
 * programs of this machine run as before: in an empty folder, as nobody where this runs as root. Only names that contain
 * PART; of the pairs of program and mark the Nth of M slices, each of which holds all programs and all marks.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { getuid, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../test/support/repository.ts';
import { betterVerdicts, type Judged, judgeFile } from './marks/judge-marks.ts';
import { type Mark, marked, marks } from './marks/marks.ts';

/** x86-64 and i386, by e_machine. */
const ofThisMachine: readonly number[] = process.arch === 'x64' ? [62, 3] : [];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { slice: { type: 'string', default: '1/1' } },
});
const [part = ''] = positionals;
const [slice = 1, slices = 1] = values.slice.split('/').map(Number);
if (!(slice >= 1 && slice <= slices)) throw new Error(`--slice ${values.slice}: expected N/M`);
const samples = join(repositoryRoot, 'samples/elf');
const names = readdirSync(samples).filter(
  (name) => name.includes(part) && statSync(join(samples, name)).isFile() && !name.endsWith('.md'),
);
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-marks-'));
chmodSync(folder, 0o755);
const totals = { programs: 0, marked: 0, without: 0, ran: 0, better: 0, changed: 0 };
const used = new Set<string>();

for (const name of names) {
  const file = readFileSync(join(samples, name));
  const before = judgeFile(file);
  const fails = before.verdicts.some(({ outcome }) => outcome === 'fail');
  if (!fails || before.takenBy !== 'kernel') continue;
  totals.programs += 1;
  const ranBefore = runsAlike(file);
  marks.forEach((mark, index) => {
    if ((totals.programs + index) % slices === slice - 1)
      check(name, file, before, ranBefore, mark);
  });
}
rmSync(folder, { recursive: true });
stdout.write(
  `${totals.programs} failing programs, ${used.size} of ${marks.length} marks, ${totals.marked} marked programs (${totals.without} had no room), ${totals.ran} of them run: ${totals.better} with a better verdict, ${totals.changed} that run otherwise\n`,
);
if (totals.better + totals.changed + marks.length - used.size > 0 && part === '')
  process.exitCode = 1;

function check(
  name: string,
  file: Buffer,
  before: Judged,
  ranBefore: string | null,
  mark: Mark,
): void {
  const changed = marked(mark, file);
  if (changed === null) {
    totals.without += 1;
    return;
  }
  totals.marked += 1;
  used.add(mark.name);
  const after = judgeFile(changed);
  const better = betterVerdicts(mark, before, after);
  if (better.length > 0) {
    totals.better += 1;
    stdout.write(`${name}, ${mark.name}: ${better.join('; ')}\n`);
  }
  const ranAfter = ranBefore === null ? null : run(changed);
  if (ranAfter !== null) totals.ran += 1;
  if (ranAfter !== ranBefore || after.takenBy !== before.takenBy) {
    totals.changed += 1;
    stdout.write(
      `${name}, ${mark.name}: ${ranBefore} became ${ranAfter}; taken by ${after.takenBy}\n`,
    );
  }
}

/** As `run`; null too for a program that prints something else each time. */
function runsAlike(file: Buffer): string | null {
  const first = run(file);
  return Array.from({ length: 5 }, () => run(file)).every((one) => one === first) ? first : null;
}

/** How the program ends and what it prints; null where it cannot be started here. */
function run(file: Buffer): string | null {
  if (!ofThisMachine.includes(file.readUInt16LE(18))) return null;
  const place = mkdtempSync(join(folder, 'run-'));
  chmodSync(place, 0o755);
  const program = join(place, 'program');
  const empty = join(place, 'empty');
  mkdirSync(empty);
  writeFileSync(program, file, { mode: 0o755 });
  const isRoot = getuid?.() === 0;
  const {
    error,
    status,
    signal,
    stdout: printed,
  } = spawnSync(program, [], {
    // Some print their own name, and each run has a folder of its own.
    argv0: 'program',
    cwd: empty,
    env: {},
    timeout: 5000,
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  });
  rmSync(place, { recursive: true });
  return error === undefined ? `${status ?? signal} ${printed.toString('latin1')}` : null;
}
