// Developer's script: builds programs that start and programs that do not, starts each in a root of its own with
// chroot, and compares with what the rule `loadable` predicts. Needs Linux on x86-64, gcc, musl-gcc and ldconfig.
// With a path as its argument, that musl stands in the roots instead of the machine's: how programs were meant to end does
// not count then, only whether prediction and reality agree.
// As root all cases run; without, `unshare -r` stands in and the setuid cases are left out by name.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillRoot, isAvailable, takeMusl } from './starting/base-roots.ts';
import { glibcSearchCases } from './starting/glibc-cases.ts';
import { glibcFileCases } from './starting/glibc-file-cases.ts';
import { glibcLinkingCases } from './starting/glibc-linking-cases.ts';
import { glibcPlaceCases } from './starting/glibc-place-cases.ts';
import { mixedCases } from './starting/mixed-cases.ts';
import { muslSearchCases } from './starting/musl-cases.ts';
import { muslContextCases } from './starting/musl-context-cases.ts';
import { muslLinkingCases } from './starting/musl-linking-cases.ts';
import { muslReleaseCases } from './starting/musl-release-cases.ts';
import { type Prediction, predictStart } from './starting/predict-start.ts';
import { packAsImage } from './starting/root-as-image.ts';
import { type Start, startProgram } from './starting/start-program.ts';
import type { StartingCase } from './starting/starting-case.ts';
import { createWorkshop } from './starting/workshop.ts';

export const startingCases: readonly StartingCase[] = [
  ...muslSearchCases,
  ...muslLinkingCases,
  ...muslContextCases,
  ...muslReleaseCases,
  ...glibcSearchCases,
  ...glibcLinkingCases,
  ...glibcFileCases('glibc'),
  ...glibcPlaceCases('glibc'),
  ...mixedCases,
];

export interface Comparison {
  readonly predicted: Prediction;
  readonly real: Start;
}

/** Why a case cannot be run here; null when it can. */
export function obstacle(
  { base, needsRoot, context }: StartingCase,
  isRoot: boolean,
): string | null {
  if (needsRoot && !isRoot) return 'setuid needs root';
  if (context?.user && !isRoot) return 'to become another user needs root';
  return isAvailable(base) ? null : `no ${base} root on this machine`;
}

export async function compareStart(starting: StartingCase, isRoot: boolean): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), 'starting-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(root, { mode: 0o755 });
    const workshop = createWorkshop(root, join(folder, 'stage'));
    fillRoot(starting.base, workshop);
    starting.make(workshop);
    const program = starting.program ?? '/program';
    const { context = null } = starting;
    const source =
      context === null ? `rootfs:${root}` : packAsImage(root, context, join(folder, 'image'));
    const predicted = await predictStart(source, program);
    return { predicted, real: startProgram(root, program, isRoot, context) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const [musl] = process.argv.slice(2);
  if (musl !== undefined) takeMusl(musl);
  const counts = { agree: 0, differ: 0, left: 0 };
  for (const starting of startingCases) {
    const reason = obstacle(starting, isRoot);
    if (reason !== null) {
      counts.left += 1;
      console.info(`left out  ${starting.name}: ${reason}`);
      continue;
    }
    const { predicted, real } = await compareStart(starting, isRoot);
    const agrees =
      predicted.fate === real.fate && (musl !== undefined || real.fate === starting.ends);
    counts[agrees ? 'agree' : 'differ'] += 1;
    console.info(`${agrees ? 'agrees  ' : 'DIFFERS '}  ${starting.base}: ${starting.name}`);
    if (agrees) continue;
    console.info(`    made so that it ${starting.ends}; it ${real.fate}: ${real.said}`);
    console.info(`    predicted: ${predicted.fate}: ${predicted.message}`);
  }
  console.info(`${counts.agree} agree, ${counts.differ} differ, ${counts.left} left out`);
  process.exitCode = counts.differ === 0 ? 0 : 1;
}

if (import.meta.filename === process.argv[1]) await main();
