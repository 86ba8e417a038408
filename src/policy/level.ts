import type { Severity } from '../base/verdict.ts';

/** What a failure of a rule weighs; `off` asks nothing of a binary. */
export type Level = Severity | 'off';
