import { commandCases } from './command-cases.ts';
import type { EntrypointCase } from './entrypoint-case.ts';
import { programCases } from './program-cases.ts';
import { scriptCases } from './script-cases.ts';
import { userCases } from './user-cases.ts';

export const entrypointCases: readonly EntrypointCase[] = [
  ...commandCases,
  ...scriptCases,
  ...userCases,
  ...programCases,
];
