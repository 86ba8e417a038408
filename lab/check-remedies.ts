// Developer's script: follows the remedies that rules give for hardening and starting, to the letter: builds the program
// before and after, judges both, and starts the second in every root that it must start in. Needs Linux on x86-64, gcc,
// musl-gcc, patchelf and root; Go and Rust where they are installed, Alpine's root where it lies next to the project.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Verdict } from '../src/base/verdict.ts';
import { rules } from '../src/index.ts';
import { repositoryRoot } from '../test/support/repository.ts';
import { plainScan } from './plain-scan.ts';
import { runApkAdd } from './remedies/follow-apk.ts';
import type { RemedyCase } from './remedies/remedy-case.ts';
import { remedyCases } from './remedies/remedy-cases.ts';
import { type BaseRoot, fillRoot, isAvailable } from './starting/base-roots.ts';
import { startProgram } from './starting/start-program.ts';
import { createWorkshop } from './starting/workshop.ts';

export { remedyCases };

export interface Followed {
  readonly before: Outcome;
  readonly after: Outcome;
  /** What went wrong in a root where the result must start; by root. */
  readonly failures: readonly string[];
}

export function isRight({ before, after, failures }: Followed): boolean {
  return before === 'fail' && after !== 'fail' && failures.length === 0;
}

/** Why a case cannot be followed here; null when it can. */
export function missingFor({ needs }: RemedyCase): string | null {
  if (needs === undefined) return null;
  const found = spawnSync(needs, [needs === 'go' ? 'version' : '--version']).status === 0;
  return found ? null : `${needs} is not installed`;
}

export async function followRemedy(remedy: RemedyCase): Promise<Followed> {
  const folder = mkdtempSync(join(tmpdir(), 'remedies-'));
  try {
    const before = build(folder, 'before', remedy);
    const after = build(folder, 'after', remedy);
    const judge = (file: string, base = remedy.judgedIn) =>
      judgeIn(base, file, remedy.rule, folder);
    const startsIn = remedy.startsIn.filter(isAvailable);
    return {
      before: await judge(before),
      after: await judge(after, remedy.judgedAfterIn),
      failures: startsIn.flatMap((base) => startIn(base, after, folder)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(folder: string, which: 'before' | 'after', remedy: RemedyCase): string {
  const place = join(folder, which);
  mkdirSync(place);
  const out = join(place, 'program');
  execFileSync('bash', ['-euc', remedy[which]], {
    cwd: place,
    env: { ...process.env, out, says: remedy.says },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return out;
}

function rootWith(base: BaseRoot, file: string, folder: string): string {
  const root = mkdtempSync(join(folder, 'root-'));
  // The program is started as nobody.
  chmodSync(root, 0o755);
  const workshop = createWorkshop(root, join(folder, 'stage'));
  fillRoot(isAvailable(base) ? base : 'musl', workshop);
  workshop.install(file, '/program');
  return root;
}

async function judgeIn(base: BaseRoot, file: string, rule: string, folder: string) {
  return (await judgeRoot(rootWith(base, file, folder), rule)).outcome;
}

async function judgeRoot(root: string, rule: string): Promise<Verdict> {
  const report = await plainScan(`rootfs:${root}`, { only: [rule] });
  const program = report.targets[0]?.binaries.find(({ path }) => path === '/program');
  const verdict = program?.verdicts[0];
  if (verdict === undefined) throw new Error(`${rule} did not judge /program`);
  return verdict;
}

/** Follows the command that `loadable` gives for a missing library on Alpine. null where there is no Alpine root. */
export async function followApk(): Promise<Followed | null> {
  if (!isAvailable('alpine')) return null;
  const folder = mkdtempSync(join(tmpdir(), 'remedies-'));
  try {
    const workshop = createWorkshop(join(folder, 'none'), join(folder, 'stage'));
    const soname = 'libanswer.so.1';
    const library = workshop.library('musl', soname);
    const root = rootWith('alpine', workshop.program('musl', { with: [library] }), folder);
    const before = await judgeRoot(root, 'loadable');
    const command = /`(apk add [^`]+)`/.exec(before.remedies?.alpine ?? '')?.[1];
    if (command === undefined) throw new Error('loadable gives no command of apk');
    const files = { [`usr/lib/${soname}`]: library };
    runApkAdd(root, command, { name: 'libmore', provides: `so:${soname}=1`, files });
    const { fate, said } = startProgram(root, '/program', true);
    return {
      before: before.outcome,
      after: (await judgeRoot(root, 'loadable')).outcome,
      failures: fate === 'starts' ? [] : [`alpine: ${fate}: ${said}`],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where lab/build-gcompat.sh puts what it builds. */
const gcompatFolder = join(repositoryRoot, '.cache/gcompat/lib');

/** Why `apk add gcompat` cannot be followed here; null when it can. */
export function missingForGcompat(): string | null {
  if (!isAvailable('alpine')) return 'there is no Alpine root';
  return existsSync(gcompatFolder) ? null : 'lab/build-gcompat.sh has not built it';
}

/** Follows the last resort that `musl-linkage` names for a glibc program on Alpine. */
export async function followGcompat(): Promise<Followed> {
  const folder = mkdtempSync(join(tmpdir(), 'remedies-'));
  try {
    const text = rules.find(({ id }) => id === 'musl-linkage')?.remediation.alpine ?? '';
    const command = /`(apk add gcompat)`/.exec(text)?.[1];
    if (command === undefined) throw new Error('musl-linkage does not name gcompat');
    const workshop = createWorkshop(join(folder, 'none'), join(folder, 'stage'));
    const root = rootWith('alpine', workshop.program('glibc'), folder);
    const { outcome: before } = await judgeRoot(root, 'musl-linkage');
    const files = {
      'lib/libgcompat.so.0': join(gcompatFolder, 'libgcompat.so.0'),
      'lib64/ld-linux-x86-64.so.2': join(gcompatFolder, 'ld-linux-x86-64.so.2'),
    };
    runApkAdd(root, command, { name: 'gcompat', provides: '', files });
    const { fate, said } = startProgram(root, '/program', true);
    const failures = fate === 'starts' ? [] : [`alpine: ${fate}: ${said}`];
    const { outcome: loadable } = await judgeRoot(root, 'loadable');
    if (loadable !== 'pass') failures.push(`loadable: ${loadable}`);
    return { before, after: (await judgeRoot(root, 'musl-linkage')).outcome, failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startIn(base: BaseRoot, file: string, folder: string): readonly string[] {
  const { fate, said } = startProgram(rootWith(base, file, folder), '/program', true);
  return fate === 'starts' ? [] : [`${base}: ${fate}: ${said}`];
}

async function main(): Promise<void> {
  const counts = { right: 0, wrong: 0, left: 0 };
  const report = (name: string, followed: Followed) => {
    counts[isRight(followed) ? 'right' : 'wrong'] += 1;
    const { before, after, failures } = followed;
    const word = isRight(followed) ? 'right' : 'WRONG';
    console.info([`${word}  ${name}: ${before} to ${after}`, ...failures].join('; '));
  };
  for (const remedy of remedyCases) {
    const name = `${remedy.rule} ${remedy.toolchain} "${remedy.says}"`;
    const missing = missingFor(remedy);
    if (missing !== null) {
      counts.left += 1;
      console.info(`left out  ${name}: ${missing}`);
      continue;
    }
    report(name, await followRemedy(remedy));
  }
  const byApk = await followApk();
  if (byApk === null) {
    counts.left += 1;
    console.info('left out  apk add: there is no Alpine root');
  } else {
    report('loadable alpine "apk add so:NAME"', byApk);
  }
  const noGcompat = missingForGcompat();
  if (noGcompat === null) report('musl-linkage alpine "apk add gcompat"', await followGcompat());
  else {
    counts.left += 1;
    console.info(`left out  apk add gcompat: ${noGcompat}`);
  }
  console.info(
    `${counts.right} remedies right, ${counts.wrong} wrong, ${counts.left} could not be followed here`,
  );
  if (counts.wrong > 0) process.exitCode = 1;
}

if (import.meta.filename === process.argv[1]) await main();
