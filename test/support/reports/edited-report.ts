import { applyPolicy } from '../../../src/policy/apply-policy.ts';
import { unweighed } from '../../../src/policy/unweighed.ts';
import type { BinaryReport } from '../../../src/report/report.ts';
import { readReport } from '../../../src/saved-report/read-report.ts';
import { assembleReport } from '../../../src/scan/report-assembly.ts';
import type { PlainConfig } from '../policy/random-config.ts';
import { settingsOf } from '../policy/settings-of.ts';
import { render } from './render.ts';

/** Text of the report that a scan with this configuration writes of binaries that are so: it does not contradict itself. */
export async function editedReport(
  text: string,
  edit: (binary: BinaryReport) => BinaryReport,
  config: PlainConfig = {},
  options: Parameters<typeof render>[2] = {},
): Promise<string> {
  const { rules, tool, targets } = readReport(text);
  const { policy } = await settingsOf(config);
  const edited = targets.map((target) => {
    const before = unweighed(target);
    return { ...before, binaries: before.binaries.map(edit) };
  });
  return render('json', assembleReport(applyPolicy(edited, policy), rules, tool.rules), options);
}

/** A binary that passes a rule which it failed; of another binary itself. */
export function passing(binary: BinaryReport, rule: string): BinaryReport {
  return {
    ...binary,
    verdicts: binary.verdicts.map((verdict) =>
      verdict.rule === rule && verdict.outcome === 'fail'
        ? { ...verdict, outcome: 'pass' }
        : verdict,
    ),
  };
}
