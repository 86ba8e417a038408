import type { Argv } from 'yargs';
import { UsageError } from '../../base/errors.ts';
import type { HelpGroup } from '../help-pages/help-groups.ts';
import { policyOptions } from '../options/policy-option-table.ts';
import { type PolicyArguments, withPolicyOptions } from '../options/policy-options.ts';

/** Options of a scan that decide how an image is read. */
const ofReading = [
  'jobs',
  ...policyOptions.filter(({ path }) => path[0] === 'limits').map(({ name }) => name),
];

/** Others that a scan has for the same. */
const others = ['platform', 'base', 'debug-dir'] as const;

/** Everything that decides how saved reports are judged. */
export function withJudgingOptions<T>(parser: Argv<T>) {
  return withPolicyOptions(parser, ofReading)
    .option('rule', {
      group: 'Scan:' satisfies HelpGroup,
      string: true,
      array: true,
      requiresArg: true,
      describe: 'Check only this rule (repeatable)',
    })
    .option('platform', { string: true, hidden: true })
    .option('base', { string: true, hidden: true })
    .option('debug-dir', { string: true, hidden: true });
}

/** Throws UsageError for an option that is about reading images: what a report has was read already. */
export function refuseReading(args: PolicyArguments): void {
  const given = others.find((name) => args[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `--${given} decides what is read of an image, and a saved report was read already: scan the image with it`,
  );
}
