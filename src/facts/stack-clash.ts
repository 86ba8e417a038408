import { MalformedElf } from '../base/errors.ts';
import { type StackProbes, stackProbes } from '../code/frames/stack-probes.ts';
import { functionsOf } from '../code/functions/functions.ts';
import { machineOf } from '../code/machine-of.ts';
import { ET, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { demandSections } from './file/lost-sections.ts';
import { cCode } from './language/c-code.ts';
import { isOtherRuntime } from './language/other-runtime.ts';
import { unwindEntries } from './language/unwind-entries.ts';
import { thresholds } from './weighing/thresholds.ts';

/** What a file shows of `-fstack-clash-protection`. */
export interface StackClash {
  readonly state: StackClashState;
  readonly probes: StackProbes;
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

export default factExtractor('code', (elf): StackClash => {
  const probes = stackProbes(elf);
  const hasPattern = (machineOf(elf.header)?.largeFrame ?? null) !== null;
  const state = stateOf(probes, hasPattern);
  if (state === 'frames-unknown' || state === 'no-pattern') demandSections(elf);
  if (state === 'no-large-frames') demandUnwindInformation(elf);
  const lacking = state !== 'probed' && state !== 'no-large-frames';
  if (!lacking || !isOtherRuntime(elf)) return { state, probes };
  return ofC(elf, hasPattern) ?? { state: 'other-runtime', probes };
});

/** The large frames of C functions next to another language; null where there are none. */
function ofC(elf: Elf, hasPattern: boolean): StackClash | null {
  const { functions } = cCode(elf);
  if (functions.length === 0) return null;
  const probes = stackProbes(elf, functions);
  const large = probes.largeFrames + probes.undescribed;
  return large === 0 ? null : { state: stateOf(probes, hasPattern), probes };
}

/** Frames without unwind information are still there. */
function demandUnwindInformation(elf: Elf): void {
  if (elf.header.type === ET.REL) return;
  if (!elf.segments.some(({ type }) => type === PT.GNU_EH_FRAME)) return;
  const functions = functionsOf(elf);
  const isEmpty = functions.known && functions.table.length === 0;
  if (functions.known && !(isEmpty && unwindEntries(elf) > 0)) return;
  throw new MalformedElf(functions.known ? 'unwind information cannot be read' : functions.because);
}

function stateOf(found: StackProbes, hasPattern: boolean): StackClashState {
  const { largeFrames, probed, undescribed, probes, complete } = found;
  const large = largeFrames + undescribed;
  if (large === 0 && probes > 0) return 'probed';
  if (large === 0) return complete ? 'no-large-frames' : 'frames-unknown';
  if (!hasPattern) return 'no-pattern';
  if (probed >= large * thresholds.probes.nearlyAll) return 'probed';
  return probed > 0 ? 'partly' : 'unprobed';
}
