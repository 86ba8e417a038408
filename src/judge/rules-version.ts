import { createHash } from 'node:crypto';
import type { RulesVersion } from '../report/report.ts';
import type { Rule } from './rule.ts';

/** Of all rules that there are, whichever of them a run asks. Their texts are not part of it: better words change no verdict. */
export function rulesVersionOf(rules: readonly Rule[]): RulesVersion {
  const lines = rules.map(lineOf).toSorted();
  return {
    count: rules.length,
    sha256: createHash('sha256').update(lines.join('\n')).digest('hex'),
  };
}

function lineOf({ id, severity, otherSeverities = [], ...rule }: Rule) {
  const { securitySeverity, cwe, since, needs, yieldsTo = null, remedied = null } = rule;
  return JSON.stringify([
    ...[id, severity, otherSeverities, securitySeverity],
    ...[cwe, since, needs, yieldsTo, remedied],
  ]);
}
