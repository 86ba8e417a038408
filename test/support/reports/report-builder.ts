import type { Problem } from '../../../src/base/problem.ts';
import type { Severity } from '../../../src/base/verdict.ts';
import { applyPolicy } from '../../../src/policy/apply-policy.ts';
import { type Policy, plainPolicy } from '../../../src/policy/policy.ts';
import type {
  BinaryReport,
  JudgedVerdict,
  Report,
  TargetReport,
} from '../../../src/report/report.ts';
import type { Facts } from '../../../src/root/root-facts.ts';
import { assembleReport, assembleTarget } from '../../../src/scan/report-assembly.ts';

/** A verdict of a test: what is left out is plain. */
export function verdict(given: Partial<JudgedVerdict> & { readonly rule: string }): JudgedVerdict {
  return {
    outcome: 'fail',
    severity: 'high',
    message: `${given.rule} says so`,
    evidence: [],
    ...given,
  };
}

export function binary(given: Partial<BinaryReport> & { readonly path: string }): BinaryReport {
  return {
    aliases: [],
    sha256: '0123456789abcdef'.repeat(4),
    size: 4096,
    mode: 0o755,
    uid: 0,
    gid: 0,
    layer: 0,
    facts: factsWith({}),
    verdicts: [],
    ...given,
  };
}

/** Only these facts: reporters take facts as a table, and a saved report of an older version has fewer of them. */
export function factsWith(given: Partial<Facts>): Facts {
  return given as Facts;
}

export interface GivenTarget extends Partial<Omit<TargetReport, 'counts'>> {
  readonly binaries?: readonly BinaryReport[];
  readonly problems?: readonly Problem[];
}

/** An image of one layer, unless the description says otherwise; counted and sorted by the project's own code. */
export function target({ binaries = [], problems = [], ...given }: GivenTarget): TargetReport {
  const bare = {
    name: 'app:1.0',
    scheme: 'docker-archive',
    kind: 'image' as const,
    digest: `sha256:${'ab'.repeat(32)}`,
    platform: 'linux/amd64',
    config: null,
    layers: [],
    problems: [],
  };
  const layers = [
    {
      index: 0,
      digest: `sha256:${'cd'.repeat(32)}`,
      diffId: null,
      createdBy: 'COPY app /',
      origin: null,
    },
  ];
  return { ...assembleTarget(bare, binaries, null, problems), layers, ...given };
}

export function report(
  targets: readonly TargetReport[],
  failOn: Severity | 'none' = 'high',
  policy: Policy = plainPolicy({ failOn }),
): Report {
  return assembleReport(applyPolicy(targets, policy), undefined);
}
