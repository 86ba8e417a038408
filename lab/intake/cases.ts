import { archiveCases } from './archive-cases.ts';
import { indexCases } from './index-cases.ts';
import type { IntakeCase } from './intake-case.ts';
import { layerCases } from './layer-cases.ts';
import { tarCases } from './tar-cases.ts';

export const intakeCases: readonly IntakeCase[] = [
  ...layerCases,
  ...tarCases,
  ...indexCases,
  ...archiveCases,
];
