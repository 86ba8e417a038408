/** The library: scan images from a program, and read, compare and render reports. */
export { rules } from '../rules/index.ts';
export { DamagedInput, UsageError } from './base/errors.ts';
export { defaultLimits, type Limits } from './base/limits.ts';
export type { Problem } from './base/problem.ts';
export type { Evidence, Outcome, Severity, Verdict } from './base/verdict.ts';
export { version } from './base/version.ts';
export type { Difference, VerdictChange } from './diff/difference.ts';
export type { Compared, DiffGate } from './diff/formats/diff-format.ts';
export type { Rule } from './judge/rule.ts';
export { baselineFrom, readBaseline, writeBaseline } from './library/baseline.ts';
export { diff } from './library/compare.ts';
export { type ConfigOptions, type LoadedConfig, loadConfig } from './library/config.ts';
export type { Content, Input, NamedContent } from './library/inputs.ts';
export {
  comparisonFormats,
  formats,
  type Look,
  readReport,
  render,
  toJSON,
} from './library/render.ts';
export { type ScanOptions, scan, scanTargets } from './library/scan.ts';
export { applyPolicy } from './policy/apply-policy.ts';
export type { BaselineEntry } from './policy/baseline/entry.ts';
export { type GateConditions, type Policy, plainPolicy } from './policy/policy.ts';
export type { Profile } from './policy/profile.ts';
export { profiles } from './policy/profiles/index.ts';
export type {
  BinaryReport,
  Counts,
  Gate,
  JudgedVerdict,
  Report,
  TargetReport,
} from './report/report.ts';
export {
  type InputOptions,
  type JudgingOptions,
  type Progress,
  plainInput,
  type RunningOptions,
} from './scan/scan-options.ts';
