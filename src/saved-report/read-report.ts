import type { Report } from '../report/report.ts';
import { readJson } from '../shapes/json-shapes.ts';
import { parseDocument } from './parse-document.ts';
import { reportShape } from './report-shape.ts';
import { writeOut } from './written-once.ts';

/** The report that `-o json` wrote. Throws UsageError: the file is somebody's, and may be another document. */
export function readReport(text: string): Report {
  return readJson(reportShape, writeOut(parseDocument(text, 'not a report of hullcheck')));
}
