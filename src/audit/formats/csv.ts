import { csvRow } from '../../reporters/writing/csv-row.ts';
import type { AcceptedVerdict, Audit } from '../audit.ts';
import type { AuditFormat } from './audit-format.ts';

const columns = [
  'report',
  'report-sha256',
  'image',
  'digest',
  'platform',
  'rule',
  'outcome',
  'severity',
  'path',
  'sha256',
  'accepted-by',
  'reason',
  'owner',
  'approved-by',
  'ticket',
  'created',
  'expires',
  'ends',
  'source',
  'source-sha256',
] as const;

/** One accepted verdict per row (RFC 4180). */
const csv: AuditFormat = {
  format: 'csv',
  *render(audit) {
    yield csvRow(columns);
    for (const verdict of audit.verdicts) yield csvRow(cells(verdict, audit));
  },
};
export default csv;

function cells(verdict: AcceptedVerdict, { reports, acceptances }: Audit): readonly string[] {
  const report = reports[verdict.report];
  const accepted = acceptances[verdict.acceptance];
  const { image, digest, platform, rule, outcome, severity, path, sha256 } = verdict;
  return [
    ...[report?.file, report?.sha256, image, digest, platform],
    ...[rule, outcome, severity, path, sha256],
    ...[accepted?.by, accepted?.reason, accepted?.owner, accepted?.approvedBy.join('; ')],
    ...[accepted?.ticket, accepted?.created, accepted?.expires, accepted?.ends],
    ...[accepted?.source, accepted?.sourceSha256],
  ].map((cell) => cell ?? '');
}
