/** The library: scan images from a program and read the report as data. */
export { rules } from '../rules/index.ts';
export { DamagedInput, UsageError } from './errors.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { applyPolicy } from './policy/apply-policy.ts';
export { type Policy, plainPolicy } from './policy/policy.ts';
export type { BinaryReport, Counts, Gate, Report, TargetReport } from './report.ts';
export type { Rule } from './rule.ts';
export { type Progress, type ScanOptions, scan } from './scan.ts';
export type { Evidence, Outcome, Severity, Verdict } from './verdict.ts';
export { version } from './version.ts';
