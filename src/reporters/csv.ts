import { isIncomplete, type Problem } from '../base/problem.ts';
import type { Facts } from '../judge/rule.ts';
import { acceptanceOf } from './findings/accepted.ts';
import { type Finding, findingsOf } from './findings/findings-of.ts';
import { packageOf } from './findings/package-of.ts';
import type { Reporter } from './reporter.ts';
import { csvRow } from './writing/csv-row.ts';
import { hexadecimal } from './writing/write-json.ts';

const columns = [
  'target',
  'platform',
  'path',
  'sha256',
  'layer',
  'package',
  'rule',
  'outcome',
  'severity',
  'message',
  'evidence',
  'accepted',
  'whose',
  'component',
  'version',
  'architecture',
  'waiver-reason',
  'waiver-expires',
  'waiver-owner',
  'waiver-approved-by',
  'waiver-ticket',
  'waiver-created',
  'waiver-origin',
] as const;

/**
 * One verdict per row (RFC 4180), worst first; without --all only findings, and below them what is waived or in the baseline. Then what was not
 * scanned, or only in part, whose outcome is `problem`.
 */
const csv: Reporter = {
  format: 'csv',
  summary: 'one verdict per row, for spreadsheets',
  *render(report, { all }) {
    yield csvRow(columns);
    for (const finding of findingsOf(report, all ? 'everything' : 'accepted'))
      yield csvRow(cells(finding));
    for (const target of report.targets)
      for (const problem of target.problems.filter(isIncomplete))
        yield csvRow(problemCells(target, problem));
  },
};
export default csv;

/** Who counts findings must not take a limit that was hit for none. */
function problemCells(
  { name, platform }: Finding['target'],
  { where, kind, message }: Problem,
): readonly string[] {
  const known = {
    target: name,
    platform: platform ?? '',
    path: where,
    outcome: 'problem',
    message,
    evidence: kind,
  };
  const cellOf = new Map<string, string>(Object.entries(known));
  return columns.map((column) => cellOf.get(column) ?? '');
}

function cells({ target, judged, verdict }: Finding): readonly string[] {
  const evidence = verdict.evidence.map(
    ({ what, saw, offset }) =>
      `${what}: ${saw}${offset === undefined ? '' : ` at offset ${hexadecimal(offset)}`}`,
  );
  const { rule, outcome, severity, message } = verdict;
  // Files, packages and folders have none.
  const isLayered = judged.layer !== null && target.kind === 'image';
  const layer = isLayered ? String(judged.layer + 1) : '';
  return [
    target.name,
    target.platform ?? '',
    judged.path,
    judged.sha256 ?? '',
    layer,
    packageOf(judged.facts)?.name ?? '',
    rule,
    outcome,
    severity,
    message,
    evidence.join('; '),
    acceptanceOf(verdict) ?? '',
    ...origin(judged),
    ...waiver(verdict),
  ];
}

function waiver({ waived }: Finding['verdict']): readonly string[] {
  if (waived === undefined) return Array.from({ length: 7 }, () => '');
  const { reason, expires, owner = '', approvedBy = [], ticket = '', created = '' } = waived;
  return [
    ...[reason, expires ?? '', owner, approvedBy.join('; '), ticket, created],
    waived.origin ?? '',
  ];
}

/** Whose it is, and what it came with: name, version and the machine that a package was built for. */
function origin({ facts }: Finding['judged']): readonly string[] {
  const ownership = ownershipOf(facts);
  const owner = packageOf(facts);
  const component = ownership?.component ?? owner;
  const { name = '', version = '' } = component ?? {};
  return [ownership?.whose ?? 'yours', name, version, owner?.architecture ?? ''];
}

type Ownership = Extract<Facts['ownership'], { known: true }>['value'];

/** null: of an image as a whole, and where a report of an older version does not say it. */
function ownershipOf({ ownership }: Partial<Facts>): Ownership | null {
  return ownership?.known ? ownership.value : null;
}
