import { UsageError } from '../base/errors.ts';
import { readReport } from '../saved-report/read-report.ts';
import { list, nullable, object, oneOf, readJson, string } from '../shapes/json-shapes.ts';
import { optional } from '../shapes/shape.ts';
import { type BaselineEntry, baselineOf } from './baseline.ts';

interface BaselineFile {
  readonly type: 'hullcheck-baseline';
  readonly version: '1';
  readonly findings: readonly BaselineEntry[];
}

const file = object<BaselineFile>({
  type: oneOf('hullcheck-baseline'),
  version: oneOf('1'),
  findings: list(
    object<BaselineEntry>({
      rule: string,
      path: string,
      cause: optional(string),
      package: nullable(string),
      buildId: nullable(string),
      expires: optional(string),
    }),
  ),
});

/** A baseline as {@link writeBaseline} wrote it, or the findings of a saved report. Throws UsageError. */
export function readBaseline(text: string): readonly BaselineEntry[] {
  const document = parse(text);
  const isReport =
    typeof document === 'object' && document !== null && Object.hasOwn(document, 'schemaVersion');
  return isReport ? baselineOf(readReport(text).targets) : readJson(file, document).findings;
}

/** One finding a line, in order, so that a change of it reads well in a review. */
export function* writeBaseline(findings: readonly BaselineEntry[]): Generator<string> {
  yield '{"type":"hullcheck-baseline","version":"1","findings":[';
  for (const [index, { rule, path, cause, package: name, buildId }] of findings.entries())
    yield `${index > 0 ? ',' : ''}\n${JSON.stringify({ rule, path, cause, package: name, buildId })}`;
  yield '\n]}\n';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`not a baseline: ${error instanceof Error ? error.message : error}`);
  }
}
