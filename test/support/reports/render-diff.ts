import { compareReports } from '../../../src/diff/compare-reports.ts';
import { diffGateOf } from '../../../src/diff/diff-gate.ts';
import type { Compared, DiffLook } from '../../../src/diff/formats/diff-format.ts';
import { diffFormats } from '../../../src/diff/formats/index.ts';
import { defaultGate, type GateConditions } from '../../../src/policy/policy.ts';
import type { Report } from '../../../src/report/report.ts';
import { sampleRules } from './sample-report.ts';

/** As `hullcheck diff` has it. */
export function compared(old: Report, fresh: Report, gate: GateConditions = defaultGate): Compared {
  const difference = compareReports(old, fresh);
  return { difference, gate: diffGateOf(difference, gate), reports: [old, fresh] };
}

export const plainDiffLook: DiffLook = {
  color: false,
  width: 80,
  all: false,
  toolchain: null,
  rules: sampleRules,
  alertLocation: null,
  absent: false,
};

/** The whole output of one format, as a pipe without colours would get it. */
export async function renderDiff(
  format: string,
  found: Compared,
  look: Partial<DiffLook> = {},
): Promise<string> {
  const load = await diffFormats[format]?.();
  if (load === undefined) throw new Error(`there is no format ${format}`);
  return [...load.render(found, { ...plainDiffLook, ...look })].join('');
}
