import { UsageError } from '../errors.ts';
import type { Facts } from '../judge.ts';
import type { Problem } from '../problem.ts';
import type {
  BinaryReport,
  Counts,
  Gate,
  JudgedVerdict,
  LayerReport,
  OperatingSystem,
  Report,
  TargetReport,
} from '../report.ts';
import type { ImageConfig } from '../sources/source.ts';
import { type Evidence, outcomes, severities } from '../verdict.ts';
import {
  type Decode,
  hexadecimalNumber,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  refuse,
  string,
} from './decode.ts';

/** The report that `-o json` wrote. Throws UsageError: the file is somebody's, and may be another document. */
export function readReport(text: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `not a report of hullcheck: ${error instanceof Error ? error.message : error}`,
    );
  }
  return report(value, '');
}

const evidence: Decode<Evidence> = (value, place) => {
  const { what, saw } = object({ what: string, saw: string })(value, place);
  const { offset } = object<{ offset: bigint | undefined }>({
    offset: optional(hexadecimalNumber),
  })(value, place);
  return offset === undefined ? { what, saw } : { what, saw, offset };
};

const verdict = object<JudgedVerdict>({
  rule: string,
  outcome: oneOf(...outcomes),
  severity: oneOf(...severities),
  message: string,
  evidence: list(evidence),
});

/** Kept as they are: reporters show facts as a table, and those of another version differ. */
const facts: Decode<Facts> = (value, place) =>
  record((fact) => fact)(value, place) as unknown as Facts;

const binary = object<BinaryReport>({
  path: string,
  aliases: list(string),
  sha256: string,
  size: number,
  mode: number,
  uid: number,
  gid: number,
  layer: number,
  facts,
  verdicts: list(verdict),
});

const problem = object<Problem>({
  kind: oneOf(
    'notice',
    'unreadable',
    'damaged',
    'digest-mismatch',
    'missing',
    'limit',
    'unsupported',
  ),
  where: string,
  message: string,
});

const counts = object<Counts>({
  binaries: number,
  outcomes: object({ fail: number, unknown: number, pass: number, 'not-applicable': number }),
  failures: object({ critical: number, high: number, medium: number, low: number, note: number }),
  problems: number,
});

const config = object<ImageConfig>({
  created: nullable(string),
  user: string,
  entrypoint: list(string),
  cmd: list(string),
  env: list(string),
  workingDirectory: string,
  labels: record(string),
});

const layer = object<LayerReport>({
  index: number,
  digest: nullable(string),
  diffId: nullable(string),
  createdBy: nullable(string),
});

const target = object<TargetReport>({
  name: string,
  scheme: string,
  kind: oneOf('image', 'root-filesystem', 'file'),
  digest: nullable(string),
  platform: nullable(string),
  config: nullable(config),
  os: nullable(object<OperatingSystem>({ id: string, versionId: string, prettyName: string })),
  layers: list(layer),
  binaries: list(binary),
  problems: list(problem),
  counts,
});

const gate = object<Gate>({
  failOn: oneOf(...severities, 'none'),
  state: oneOf('holds', 'broken', 'open'),
  because: string,
});

const hullcheck: Decode<'hullcheck'> = (value, place) =>
  value === 'hullcheck' ? value : refuse(value, place, 'hullcheck');

const report = object<Report>({
  schemaVersion: oneOf('1.0.0'),
  tool: object({ name: hullcheck, version: string }),
  targets: list(target),
  counts,
  gate,
});

function optional<T>(decode: Decode<T>): Decode<T | undefined> {
  return (value, place) => (value === undefined ? undefined : decode(value, place));
}
