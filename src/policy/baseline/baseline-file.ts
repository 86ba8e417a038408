import { isDay } from '../../base/day.ts';
import { UsageError, UsageErrors } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { severities } from '../../base/verdict.ts';
import { readReport } from '../../saved-report/read-report.ts';
import { list, nullable, object, oneOf, readJsonWhole, string } from '../../shapes/json-shapes.ts';
import { optional } from '../../shapes/shape.ts';
import { baselineOf, namedIn, type WrittenEntry } from './entry.ts';

interface BaselineFile {
  readonly type: 'hullcheck-baseline';
  readonly version: '1';
  readonly findings: readonly WrittenEntry[];
}

const file = object<BaselineFile>({
  type: oneOf('hullcheck-baseline'),
  version: oneOf('1'),
  findings: list(
    object<WrittenEntry>({
      image: optional(string),
      rule: string,
      path: string,
      cause: optional(string),
      package: nullable(string),
      buildId: nullable(string),
      severity: optional(oneOf(...severities)),
      named: optional(oneOf(true)),
      faults: optional(list(string)),
      date: optional(string),
      owner: optional(string),
      reason: optional(string),
      expires: optional(string),
    }),
  ),
});

/**
 * A baseline as {@link writeBaseline} wrote it, or the findings of a saved report. Throws UsageError, also for rules that are not
 * among these.
 */
export function readBaseline(text: string, rules: readonly string[]): readonly WrittenEntry[] {
  const document = parse(text);
  const isReport =
    typeof document === 'object' && document !== null && Object.hasOwn(document, 'schemaVersion');
  if (isReport) {
    const report = readReport(text);
    return baselineOf(report.targets, namedIn(report.gate));
  }
  const { findings } = readJsonWhole(file, document);
  const lines = text.split('\n');
  const mistakes = findings.flatMap((entry, at) =>
    mistakesOf(entry, placeOf(entry, at, lines), rules),
  );
  const [first] = mistakes;
  if (first === undefined) return findings;
  if (mistakes.length === 1) throw new UsageError(first);
  throw new UsageErrors(mistakes.slice(0, mostMistakes));
}

const mostMistakes = 20;

function mistakesOf(
  { rule, expires, date }: WrittenEntry,
  place: string,
  rules: readonly string[],
): readonly string[] {
  const near = rules.includes(rule) ? null : nearest(rule, rules);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  return [
    ...(rules.includes(rule) ? [] : [`${place}: ${JSON.stringify(rule)} is not a rule${hint}`]),
    ...[expires, date]
      .filter((day) => day !== undefined && !isDay(day))
      .map((day) => `${place}: ${JSON.stringify(day)} is not a date such as 2027-01-31`),
  ];
}

/** `line 12` where the file has a finding a line, as it was written; else `findings[10]`. */
function placeOf({ rule, path }: WrittenEntry, at: number, lines: readonly string[]): string {
  const line = lines[at + 1] ?? '';
  const isIt = line.includes(JSON.stringify(rule)) && line.includes(JSON.stringify(path));
  return isIt ? `line ${at + 2}` : `findings[${at}]`;
}

/** One finding a line, in order, so that a change of it reads well in a review. */
export function* writeBaseline(findings: readonly WrittenEntry[]): Generator<string> {
  yield '{"type":"hullcheck-baseline","version":"1","findings":[';
  for (const [index, entry] of findings.entries())
    yield `${index > 0 ? ',' : ''}\n${JSON.stringify(membersInOrder(entry))}`;
  yield '\n]}\n';
}

function membersInOrder(entry: WrittenEntry): WrittenEntry {
  const { image, rule, path, cause, package: name, buildId, ...others } = entry;
  const { severity, named, faults, ...people } = others;
  const { date, owner, reason, expires } = people;
  // What is undefined is not written.
  return Object.fromEntries(
    Object.entries({
      ...{ image, rule, path, cause, package: name, buildId, severity, named, faults },
      ...{ date, owner, reason, expires },
    }),
  ) as unknown as WrittenEntry;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`not a baseline: ${error instanceof Error ? error.message : error}`);
  }
}
