/** The library: scan images from a program and read the report as data. */
export { rules } from '../rules/index.ts';
export { DamagedInput, UsageError } from './base/errors.ts';
export { defaultLimits, type Limits } from './base/limits.ts';
export type { Evidence, Outcome, Severity, Verdict } from './base/verdict.ts';
export { version } from './base/version.ts';
export type { Rule } from './judge/rule.ts';
export { applyPolicy } from './policy/apply-policy.ts';
export { type Policy, plainPolicy } from './policy/policy.ts';
export type { BinaryReport, Counts, Gate, Report, TargetReport } from './report/report.ts';
export { scan } from './scan/scan.ts';
export {
  type InputOptions,
  type JudgingOptions,
  type Progress,
  plainInput,
  type RunningOptions,
  type ScanOptions,
} from './scan/scan-options.ts';
