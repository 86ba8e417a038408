import { UsageError } from '../../base/errors.ts';
import { comparePolicies } from '../../diff/policies/compare-policies.ts';
import { otherFiles } from '../../diff/policies/other-files.ts';
import type { PolicyDifference } from '../../diff/policies/policy-difference.ts';
import { changedSettings } from '../../policy/config/changed-settings.ts';
import { demandStrict } from '../../policy/strict-policy.ts';
import type { Surroundings } from '../command.ts';
import type { PolicyArguments } from '../options/policy-options.ts';
import { readSettings } from '../settings/settings.ts';
import { judgeAgain, loadReports } from './judge-saved.ts';

/** Two configuration files over saved reports. Options and variables of the environment win over both. Throws UsageError. */
export async function comparedPolicies(
  files: { readonly old: string; readonly new: string },
  reports: readonly string[],
  args: PolicyArguments,
  surroundings: Surroundings,
): Promise<PolicyDifference> {
  refuseOthers(args);
  const settingsBy = (file: string) =>
    readSettings({ ...args, config: [file] }, surroundings, reports);
  const [before, after] = [await settingsBy(files.old), await settingsBy(files.new)];
  // Each run by it would be refused: that is not what images turn to.
  demandStrict(after.policy);
  const saved = await loadReports(reports, surroundings.cwd);
  const [was, is] = [
    await judgeAgain(saved, before, undefined),
    await judgeAgain(saved, after, undefined),
  ];
  const compared = [...before.policy.files, ...after.policy.files];
  return {
    ...comparePolicies(was.report, is.report, changedSettings(before.layers, after.layers)),
    leftOut: otherFiles(saved, compared),
  };
}

/** Options of `config` itself, which its parser accepts behind `config diff` too. */
function refuseOthers(args: PolicyArguments): void {
  if (args['config'] !== undefined)
    throw new UsageError(
      '--config does not go with config diff: name the two files, the old one first',
    );
  if (args['check'] !== undefined || args['against'] !== undefined)
    throw new UsageError(
      '--check and --against do not go with config diff: hullcheck config has them',
    );
  if (args['format'] !== undefined && args['format'] !== 'text')
    throw new UsageError('config diff has no --format: -o FORMAT[=FILE] chooses a format');
}
