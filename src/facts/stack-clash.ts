import { machineOf } from '../code/machine-of.ts';
import { type StackProbes, stackProbes } from '../code/stack-probes.ts';
import { factExtractor } from './fact-extractor.ts';
import { isOtherRuntime } from './other-runtime.ts';

/** What a file shows of `-fstack-clash-protection`. */
export interface StackClash {
  readonly state: StackClashState;
  /** null without unwind information. */
  readonly probes: StackProbes | null;
}

/**
 * - `probed`: (nearly) all functions with large frames touch them page by page
 * - `partly`, `unprobed`: some or all of them do not
 * - `no-large-frames`: no frame could step over a guard page
 * - `frames-unknown`: unwind information describes too little of the code
 * - `no-pattern`: there are large frames, but no probe is known for the machine
 * - `other-runtime`: the frames are those of a language that guards its stack by itself
 */
export type StackClashState =
  | 'probed'
  | 'partly'
  | 'unprobed'
  | 'no-large-frames'
  | 'frames-unknown'
  | 'no-pattern'
  | 'other-runtime';

/** Start-up code and hand-written assembly keep a few frames from being probed in programs that are built right. */
const nearlyAll = 0.9;

export default factExtractor('code', (elf): StackClash => {
  const probes = stackProbes(elf);
  const hasPattern = (machineOf(elf.header)?.largeFrame ?? null) !== null;
  const state = stateOf(probes, hasPattern);
  const lacking = state !== 'probed' && state !== 'no-large-frames';
  return { state: lacking && isOtherRuntime(elf) ? 'other-runtime' : state, probes };
});

function stateOf(probes: StackProbes | null, hasPattern: boolean): StackClashState {
  if (probes === null) return 'frames-unknown';
  const { largeFrames, probed, covered } = probes;
  if (largeFrames === 0) return covered ? 'no-large-frames' : 'frames-unknown';
  if (!hasPattern) return 'no-pattern';
  if (probed >= largeFrames * nearlyAll) return 'probed';
  return probed > 0 ? 'partly' : 'unprobed';
}
