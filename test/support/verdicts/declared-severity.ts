import assert from 'node:assert/strict';
import type { Rule } from '../../../src/judge/rule.ts';
import { createPossibleSeverities } from '../../../src/judge/weigh-severity.ts';
import type { JudgedVerdict } from '../../../src/report/report.ts';

type Weighed = Parameters<ReturnType<typeof createPossibleSeverities>>[0];

/** Saved reports are held to what a rule declares, so a verdict that weighs something else would be taken for an edited one. */
export function assertDeclared(
  verdict: JudgedVerdict,
  rule: Pick<Rule, 'severity' | 'otherSeverities'>,
  facts: Weighed,
): void {
  const { rule: id, outcome, severity } = verdict;
  const mayFail = outcome === 'fail' || outcome === 'unknown';
  const possible = createPossibleSeverities([{ ...rule, id }])(facts, mayFail).get(id);
  assert.ok(
    possible?.has(severity),
    `${id} gives ${severity}: its otherSeverities lack it (${verdict.message})`,
  );
}
