import { escapeText } from '../base/escape.ts';
import type { Facts } from '../judge/rule.ts';
import { acceptanceOf } from './findings/accepted.ts';
import { type Finding, findingsOf } from './findings/findings-of.ts';
import { packageOf } from './findings/package-of.ts';
import type { Reporter } from './reporter.ts';
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

/** One verdict per row (RFC 4180), worst first; without --all only findings, and below them what is waived or in the baseline. */
const csv: Reporter = {
  format: 'csv',
  summary: 'one verdict per row, for spreadsheets',
  *render(report, { all }) {
    yield `${columns.join(',')}\r\n`;
    for (const finding of findingsOf(report, all ? 'everything' : 'accepted'))
      yield `${cells(finding).map(quote).join(',')}\r\n`;
  },
};
export default csv;

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

/** A spreadsheet runs a cell that begins like a formula; the apostrophe makes it text. */
function quote(cell: string): string {
  const inert = escapeText(cell).replace(/^[=+\-@]/, "'$&");
  return /[",;\r\n]|^ | $/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

type Ownership = Extract<Facts['ownership'], { known: true }>['value'];

/** null: of an image as a whole, and where a report of an older version does not say it. */
function ownershipOf({ ownership }: Partial<Facts>): Ownership | null {
  return ownership?.known ? ownership.value : null;
}
