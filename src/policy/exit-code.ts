import type { Gate } from '../report/report.ts';

/** What a shell sees. 0, 1 and 3 are states of the gate; with the others there was no run to judge. */
export const exitCodes = {
  holds: 0,
  broken: 1,
  usage: 2,
  undecided: 3,
  /** EX_SOFTWARE of sysexits.h: a bug in hullcheck, so that no pipeline mistakes it for a finding. */
  bug: 70,
} as const;

export function exitCodeOf(gate: Gate): number {
  return exitCodes[gate.state];
}
