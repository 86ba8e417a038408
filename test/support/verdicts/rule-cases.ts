import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Outcome, Severity } from '../../../src/base/verdict.ts';
import { readElf } from '../../../src/elf/read-elf.ts';
import { bytesOf } from '../../../src/elf/reading/bytes.ts';
import type { FactName, RuleDefinition } from '../../../src/judge/rule.ts';
import type { BuiltElf } from '../elf/elf-description.ts';
import { repositoryRoot } from '../repository.ts';
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

export interface SampleCase {
  /** Name of a file in samples/elf. */
  readonly sample: string;
  readonly outcome: Outcome;
  readonly severity?: Severity;
  readonly says: RegExp;
}

/** The same for files in samples/elf. */
export function testSamples<Needs extends FactName>(
  id: string,
  rule: RuleDefinition<Needs>,
  cases: readonly SampleCase[],
): void {
  describe(id, () => {
    for (const { sample, outcome, severity, says } of cases) {
      it(`${outcome}: ${sample}`, () => {
        const verdict = judgeSample(rule, sample);
        assert.equal(verdict.outcome, outcome, verdict.message);
        assert.match(verdict.message, says);
        if (severity !== undefined) assert.equal(verdict.severity, severity);
        if (outcome === 'fail') assert.notDeepEqual(verdict.evidence, []);
      });
    }
  });
}

function judgeSample<Needs extends FactName>(rule: RuleDefinition<Needs>, sample: string) {
  const bytes = readFileSync(join(repositoryRoot, 'samples/elf', sample));
  return verdictOf(rule, readElf(bytesOf(bytes)));
}
