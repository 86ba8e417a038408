import { UsageError } from '../base/errors.ts';
import { depthExcess } from '../base/json-bounds.ts';
import type { Report } from '../report/report.ts';
import { readJson } from '../shapes/json-shapes.ts';
import { reportShape } from './report-shape.ts';
import { writeOut } from './written-once.ts';

/** The report that `-o json` wrote. Throws UsageError: the file is somebody's, and may be another document. */
export function readReport(text: string): Report {
  return readJson(reportShape, writeOut(parse(text)));
}

function parse(text: string): unknown {
  const excess = depthExcess(text);
  if (excess !== null) throw new UsageError(`not a report of hullcheck: it is ${excess}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `not a report of hullcheck: ${error instanceof Error ? error.message : error}`,
    );
  }
}
