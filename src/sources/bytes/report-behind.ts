import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';

/** The limits of one walk, which reports it. */
export function reportingBehind(limits: Limits, report: (problem: Problem) => void): Limits {
  return {
    ...limits,
    behind: (message) => report({ kind: 'notice', where: '', message }),
  };
}
