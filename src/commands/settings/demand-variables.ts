import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { Note } from '../../report/policy-messages.ts';
import type { Surroundings } from '../command.ts';
import { policyOptions } from '../options/policy-option-table.ts';
import { variableOf } from '../options/policy-options.ts';

const prefix = 'HULLCHECK_';

const variables: ReadonlySet<string> = new Set([
  ...policyOptions.map(variableOf),
  ...['CONFIG', 'EXTENDS', 'EXTENDS_LOOPBACK', 'REQUIRE_CONFIG'].map((name) => prefix + name),
]);

const ends = [...variables].map((name) => name.slice(prefix.length));

/**
 * A policy of an organisation behind a misspelled variable would be missing in silence. Names that are like none of hullcheck's are those of scripts
 * around it. Throws UsageError.
 */
export function demandVariables(env: Surroundings['env']): void {
  const mistakes = Object.keys(env).flatMap((name) => {
    if (!env[name] || variables.has(name) || !name.toUpperCase().startsWith(prefix)) return [];
    const near = nearest(name.slice(prefix.length), ends);
    return near === null ? [] : [`${name} is not a variable; did you mean ${prefix}${near}?`];
  });
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
}

/** What a job gives by a variable that has no value, as where the variable behind it is not set, is missing. */
export function missingBase(env: Surroundings['env']): readonly Note[] {
  const given = env['HULLCHECK_EXTENDS'];
  if (given === undefined || /[^\s,]/.test(given)) return [];
  const message =
    'HULLCHECK_EXTENDS is set and names nothing, so the policy that it was to name is not in force';
  return [{ kind: 'locks-not-in-force', message }];
}
