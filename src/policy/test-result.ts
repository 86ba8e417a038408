import { judgedOf } from '../report/all-judged.ts';
import { breaksGate, isFinding, isOpen } from '../report/finding.ts';
import { gateOfTarget } from '../report/gates.ts';
import type { Report } from '../report/report.ts';

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
export interface TestResult {
  readonly result: 'PASSED' | 'WARNED' | 'FAILED';
  readonly configuration: readonly {
    readonly name: string;
    readonly digest?: { readonly sha256: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
  /** IDs of rules. */
  readonly passedTests: readonly string[];
  readonly warnedTests: readonly string[];
  readonly failedTests: readonly string[];
}

export const testResultType = 'https://in-toto.io/attestation/test-result/v0.1';

/**
 * A rule fails if a verdict of it breaks the gate, and warns if it has findings or open verdicts that do not. A gate that is undecided
 * is not passed: who admits by the result must not admit what was not judged.
 */
export function testResultOf(report: Report): TestResult {
  const { tool, policy, gate } = report;
  const failed = new Set<string>();
  const warned = new Set<string>();
  const asked = new Set(report.rules ?? []);
  for (const target of report.targets) {
    const own = gateOfTarget(target, report);
    for (const { verdicts } of judgedOf(target))
      for (const verdict of verdicts) {
        asked.add(verdict.rule);
        if (breaksGate(own, verdict)) failed.add(verdict.rule);
        else if (isFinding(verdict) || isOpen(verdict)) warned.add(verdict.rule);
      }
  }
  const of = (isOf: (rule: string) => boolean) => [...asked].filter(isOf).sort();
  const warnedTests = of((rule) => warned.has(rule) && !failed.has(rule));
  return {
    result: gate.state !== 'holds' ? 'FAILED' : warnedTests.length > 0 ? 'WARNED' : 'PASSED',
    configuration: [
      {
        name: tool.name,
        annotations: {
          version: tool.version,
          profile: policy.profile,
          gate: `${gate.state}: ${gate.because}`,
          ...(tool.rules === undefined ? {} : { 'rules.sha256': tool.rules.sha256 }),
        },
      },
      ...policy.files.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    ],
    passedTests: of((rule) => !failed.has(rule) && !warned.has(rule)),
    warnedTests,
    failedTests: of((rule) => failed.has(rule)),
  };
}
