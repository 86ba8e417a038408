import type { Verdict } from '../../src/base/verdict.ts';
import { startsHere } from '../starting/starts-here.ts';
import type { EntrypointCase } from './entrypoint-case.ts';
import { type Reason, reasonOf } from './reason.ts';
import type { Run } from './run-image.ts';

/** What becomes of an image that is started. */
export type Ending = 'starts' | Reason;

export function endingOf({ started, said, status }: Run): Ending {
  return started ? 'starts' : reasonOf(said, status);
}

export type Answer =
  | 'agrees'
  | 'left to the program'
  | 'undecided'
  | 'false pass'
  | 'false fail'
  | 'another reason';

/** Where one runtime starts what another refuses, nothing but `unknown` is right. */
export function compareVerdict(
  real: readonly Ending[],
  { outcome, message }: Pick<Verdict, 'outcome' | 'message'>,
  { leftToProgram }: Pick<EntrypointCase, 'leftToProgram'> = {},
): Answer {
  const starting = real.filter((each) => each === 'starts').length;
  if (outcome === 'unknown') return starting > 0 && starting < real.length ? 'agrees' : 'undecided';
  const passes = startsHere({ outcome, message });
  if (passes && leftToProgram === true) return 'left to the program';
  if (starting > 0 && outcome === 'fail' && !passes) return 'false fail';
  if (starting < real.length && passes) return 'false pass';
  if (passes) return 'agrees';
  return real.includes(reasonOf(messageOf(message))) ? 'agrees' : 'another reason';
}

/** What the container prints, without why. */
function messageOf(message: string): string {
  return message.replace(/^it will not start: /, '').replace(/ \((?!").*$/s, '');
}
