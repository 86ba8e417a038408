// Developer's script: makes programs by changing headers of samples, has Linux start each of them (stopped before its
// first instruction), and compares memory, permissions, stack and refusals with what hullcheck makes of the file.
// Needs Linux on x86-64 and gcc; as root it starts the programs in an empty root by the user nobody.
// usage: node dist/lab/compare-with-kernel.js [COUNT [SEED [PROGRAM...]]]

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNumbers } from '../test/support/random.ts';
import { repositoryRoot } from '../test/support/repository.ts';
import { compareView } from './kernel-map/compare-view.ts';
import { createStarter, type Starter } from './kernel-map/kernel-view.ts';
import { mutantOf } from './kernel-map/mutants.ts';
import { builtPrograms, type NamedProgram, samplePrograms } from './kernel-map/programs.ts';

export interface KernelComparison {
  readonly starts: number;
  readonly refused: number;
  readonly unclear: number;
  /** Each as a sentence. */
  readonly differences: readonly string[];
}

const atOnce = 100;

/** The programs themselves, then mutants of each in turn. */
export function compareWithKernel(
  programs: readonly NamedProgram[],
  count: number,
  seed: number,
  starter: Starter,
): KernelComparison {
  const random = randomNumbers(seed);
  const counts = { starts: 0, refused: 0, unclear: 0 };
  const differences: string[] = [];
  const all = function* (): Generator<NamedProgram> {
    yield* programs;
    for (let index = 0; index < count; index += 1) {
      const program = programs[index % programs.length];
      if (program === undefined) return;
      const mutant = mutantOf(program.bytes, random);
      yield { name: `${program.name}, mutant ${index} (${mutant.name})`, bytes: mutant.bytes };
    }
  };
  for (const batch of batches(all(), atOnce)) {
    const views = starter.start(batch.map(({ bytes }) => bytes));
    for (const [index, { name, bytes }] of batch.entries()) {
      const view = views[index];
      if (view === undefined) throw new Error(`nothing was said of ${name}`);
      const outcome = compareView(bytes, view, starter.interpreters);
      if (outcome.kind === 'different') differences.push(`${name}: ${outcome.how}`);
      else counts[outcome.kind] += 1;
    }
  }
  return { ...counts, differences };
}

function* batches<T>(all: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const each of all) {
    batch.push(each);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function main([count = '5000', seed = '1', ...paths]: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-map-'));
  try {
    const given = paths.map((path) => ({ name: path, bytes: readFileSync(path) }));
    const programs =
      given.length > 0 ? given : [...samplePrograms(repositoryRoot), ...builtPrograms(folder)];
    const result = compareWithKernel(programs, Number(count), Number(seed), createStarter(folder));
    const { starts, refused, unclear, differences } = result;
    for (const difference of differences) console.log(difference);
    console.log(
      `${programs.length} programs and ${count} mutants: ${starts} start as hullcheck maps them, ${refused} are refused, ${unclear} unclear, ${differences.length} different`,
    );
    return differences.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
