import { DamagedInput } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import { problemOf } from '../../base/problem-of.ts';
import { notTar } from '../input/expect-input.ts';
import type { FileInput, SeekableArchive } from '../input/input.ts';
import type { Target } from '../source.ts';

/** Throws UsageError when the input is not a tar; damage is in `damage`. */
export async function archiveOf(input: FileInput): Promise<SeekableArchive> {
  if ((await input.holds()) === 'no-archive') {
    throw notTar(input);
  }
  return input.archive();
}

/**
 * A damaged archive: everything that could be opened is reported with the damage. If that is nothing, or if the damage
 * is the reason why something is missing, the damage is reported.
 */
export async function withDamage(
  { name }: FileInput,
  { damage }: SeekableArchive,
  open: () => Promise<readonly Target[]>,
): Promise<readonly Target[]> {
  if (damage === null) return open();
  try {
    const problem: Problem = problemOf(damage, name);
    return (await open()).map((target) => ({ ...target, problems: [problem, ...target.problems] }));
  } catch (error) {
    throw error instanceof DamagedInput ? damage : error;
  }
}
