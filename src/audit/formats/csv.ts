import { csvRow } from '../../reporters/writing/csv-row.ts';
import type { Audit, InactivePart, Terms } from '../audit.ts';
import type { AuditFormat } from './audit-format.ts';
import { aboutReports } from './csv/about-reports.ts';
import { type Cells, columns } from './csv/columns.ts';
import { whereText } from './words/inactive-words.ts';

/** One thing per row (RFC 4180), and its `state` says what it is: each accepted verdict first. */
const csv: AuditFormat = {
  format: 'csv',
  *render(audit) {
    yield csvRow(columns);
    for (const rows of [acceptedRows(audit), inactiveRows(audit), aboutReports(audit)])
      for (const cells of rows) yield csvRow(columns.map((name) => `${cells[name] ?? ''}`));
  },
};
export default csv;

function* acceptedRows({ reports, acceptances, verdicts }: Audit): Generator<Cells> {
  for (const { report, acceptance, ...verdict } of verdicts) {
    const accepted = acceptances[acceptance];
    yield {
      ...reportCells(reports[report]),
      ...verdict,
      ...(accepted === undefined ? {} : termsCells(accepted)),
      ...{ ends: accepted?.ends ?? null, state: 'accepted', count: 1 },
    };
  }
}

/** A row for each rule of what did not count in a report. */
function* inactiveRows({ reports, inactive }: Audit): Generator<Cells> {
  for (const { parts, state, because, where, ...terms } of inactive)
    for (const { report, rules, image, paths, ...counts } of parts)
      for (const [at, rule] of rules.entries())
        yield {
          ...reportCells(reports[report]),
          image: image ?? where?.['image']?.join('; ') ?? null,
          rule,
          path: (where?.['path'] ?? paths).join('; '),
          ...termsCells(terms),
          ...{ ends: state === 'ended' ? 'ended' : null, state, because },
          count: countOf(counts, rule, at),
          selects: where === null ? null : whereText(where),
        };
}

/** An older version said it of all rules together, which stands in the first row. */
function countOf(
  { verdicts, verdictsByRule }: Pick<InactivePart, 'verdicts' | 'verdictsByRule'>,
  rule: string,
  at: number,
): number | null {
  if (verdictsByRule === null) return at === 0 ? verdicts : null;
  return Object.hasOwn(verdictsByRule, rule) ? (verdictsByRule[rule] ?? 0) : 0;
}

function reportCells(report: Audit['reports'][number] | undefined): Cells {
  return { report: report?.file ?? null, 'report-sha256': report?.sha256 ?? null };
}

function termsCells(terms: Terms): Cells {
  const { by, reason, owner, approvedBy, ticket, created, expires, source, sourceSha256 } = terms;
  return {
    'accepted-by': by,
    ...{ reason, owner, 'approved-by': approvedBy.join('; '), ticket, created, expires, source },
    'source-sha256': sourceSha256,
  };
}
