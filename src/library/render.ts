import { rules as allRules } from '../../rules/index.ts';
import { UsageError } from '../base/errors.ts';
import type { Compared, DiffLook } from '../diff/formats/diff-format.ts';
import { diffFormats } from '../diff/formats/index.ts';
import type { Report } from '../report/report.ts';
import { reporters } from '../reporters/index.ts';
import json from '../reporters/json.ts';
import type { RenderOptions } from '../reporters/reporter.ts';
import { readReport as readText } from '../saved-report/read-report.ts';

/** Every member may be absent: no colours, 80 columns, what a person must act on. */
export type Look = Partial<RenderOptions & DiffLook>;

/** Names of the formats of a report, as in `-o NAME`. */
export const formats: readonly string[] = Object.keys(reporters);

/** The same of a comparison. */
export const comparisonFormats: readonly string[] = Object.keys(diffFormats);

/** A report, or a comparison that `diff` gave, as the command writes it in this format. Throws UsageError for a format that is not one. */
export async function render(
  report: Report | Compared,
  format: string,
  look: Look = {},
): Promise<string> {
  const isComparison = 'difference' in report;
  const known = isComparison ? diffFormats : reporters;
  if (!Object.hasOwn(known, format))
    throw new UsageError(
      `${format} is not a format of ${isComparison ? 'a comparison' : 'a report'}: expected ${Object.keys(known).join(', ')}`,
    );
  const whole = { ...plainLook, ...look };
  const pieces = isComparison
    ? (await diffFormats[format]?.())?.render(report, whole)
    : (await reporters[format]?.())?.render(report, whole);
  return [...(pieces ?? [])].join('');
}

const plainLook: RenderOptions & DiffLook = {
  color: false,
  width: 80,
  all: false,
  verbose: false,
  packages: false,
  groupBy: null,
  toolchain: null,
  suppressions: false,
  absent: false,
  rules: allRules,
  repository: null,
  alertLocation: null,
};

/**
 * A report as plain data of the published schema, which `JSON.stringify` takes: a report itself has numbers that JSON lacks. With the facts
 * that are needed to read it back, or all of them.
 */
export function toJSON(report: Report, { facts = false }: { facts?: boolean } = {}): object {
  const text = [...json.render(report, { ...plainLook, facts })].join('');
  return JSON.parse(text) as object;
}

/** A report that `-o json`, `render` or `toJSON` wrote, as text or as data. Throws UsageError for anything else. */
export function readReport(saved: string | object): Report {
  return readText(typeof saved === 'string' ? saved : JSON.stringify(saved));
}
