// Developer's script: builds plugins that can be opened and plugins that cannot, opens each in a process of its own root
// with dlopen, and compares with what the rule `loadable` predicts. Needs Linux on x86-64, gcc and musl-gcc.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostSource } from './opening/hosts.ts';
import type { OpeningCase, OpeningFate } from './opening/opening-case.ts';
import { openingCases } from './opening/opening-cases.ts';
import { fillRoot } from './starting/base-roots.ts';
import { type Prediction, predictStart } from './starting/predict-start.ts';
import { startProgram } from './starting/start-program.ts';
import { createWorkshop } from './starting/workshop.ts';

export interface OpeningComparison {
  readonly predicted: OpeningFate | null;
  readonly message: string;
  readonly real: OpeningFate;
  readonly said: string;
}

export async function compareOpening(
  opening: OpeningCase,
  isRoot: boolean,
): Promise<OpeningComparison> {
  const folder = mkdtempSync(join(tmpdir(), 'opening-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(root, { mode: 0o755 });
    const workshop = createWorkshop(root, join(folder, 'stage'));
    fillRoot(opening.libc, workshop);
    opening.make(workshop);
    const flags = ['-rdynamic', ...(opening.hostFlags?.(workshop) ?? [])];
    const host = `/usr/bin/${opening.host}`;
    workshop.install(workshop.program(opening.libc, { source: hostSource(opening), flags }), host);
    const predicted = await predictStart(`rootfs:${root}`, opening.path);
    const { fate, said } = startProgram(root, host, isRoot);
    const real = fate === 'starts' ? 'loads' : fate === 'dies at start' ? 'cannot be loaded' : fate;
    return { predicted: fateOf(predicted), message: predicted.message, real, said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A severity says how much it weighs, the message when it happens. */
function fateOf({ fate, message }: Prediction): OpeningFate | null {
  if (fate === null) return null;
  if (fate === 'starts') return 'loads';
  return message.includes('at the first call') ? 'dies at the first call' : 'cannot be loaded';
}

async function main(): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const counts = { agree: 0, differ: 0 };
  for (const opening of openingCases) {
    const { predicted, real, message, said } = await compareOpening(opening, isRoot);
    const agrees = predicted === real && real === opening.ends;
    counts[agrees ? 'agree' : 'differ'] += 1;
    console.info(`${agrees ? 'agrees ' : 'DIFFERS'}  ${opening.name}`);
    if (!agrees)
      console.info(`    ${opening.ends} meant; predicted: ${message}\n    really ${real}: ${said}`);
  }
  console.info(`${counts.agree} agree, ${counts.differ} differ`);
  process.exitCode = counts.differ === 0 ? 0 : 1;
}

if (import.meta.filename === process.argv[1]) await main();
