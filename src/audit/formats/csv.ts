import { csvRow } from '../../reporters/writing/csv-row.ts';
import type { AcceptedVerdict, Audit, Inactive } from '../audit.ts';
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
  'state',
  'because',
] as const;

/** One accepted verdict per row (RFC 4180), then one row per rule of what accepted nothing, whose state says why. */
const csv: AuditFormat = {
  format: 'csv',
  *render(audit) {
    yield csvRow(columns);
    for (const verdict of audit.verdicts) yield csvRow(cells(verdict, audit));
    for (const each of audit.inactive) yield* inactiveRows(each, audit);
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
    ...[accepted?.source, accepted?.sourceSha256, 'accepted', null],
  ].map((cell) => cell ?? '');
}

function* inactiveRows(inactive: Inactive, { reports }: Audit): Generator<string> {
  const { state, because, by, reason, owner, approvedBy, ticket, created, expires } = inactive;
  const { source, sourceSha256, paths } = inactive;
  for (const rule of inactive.rules)
    for (const at of inactive.reports)
      yield csvRow(
        [
          ...[reports[at]?.file, reports[at]?.sha256, null, null, null],
          ...[rule, null, null, paths.join('; '), null],
          ...[by, reason, owner, approvedBy.join('; '), ticket, created, expires],
          ...[state === 'ended' ? 'ended' : null, source, sourceSha256, state, because],
        ].map((cell) => cell ?? ''),
      );
}
