import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FactName, RuleDefinition } from '../../src/rule.ts';
import type { Outcome, Severity } from '../../src/verdict.ts';
import type { BuiltElf } from './elf-description.ts';
import { verdictOf } from './verdict-of.ts';

export interface RuleCase {
  readonly name: string;
  readonly input: BuiltElf;
  readonly outcome: Outcome;
  /** Checked where given. */
  readonly severity?: Severity;
  readonly says: RegExp;
}

/** One test for each case; a pass or a fail must bring evidence. */
export function testRule<Needs extends FactName>(
  id: string,
  rule: RuleDefinition<Needs>,
  cases: readonly RuleCase[],
): void {
  describe(id, () => {
    for (const { name, input, outcome, severity, says } of cases) {
      it(name, () => {
        const verdict = verdictOf(rule, input.elf);
        assert.equal(verdict.outcome, outcome, verdict.message);
        assert.match(verdict.message, says);
        if (severity !== undefined) assert.equal(verdict.severity, severity);
        if (outcome === 'fail') assert.notDeepEqual(verdict.evidence, []);
      });
    }
  });
}
