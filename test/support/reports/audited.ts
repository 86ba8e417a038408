import assert from 'node:assert/strict';
import type { Audit } from '../../../src/audit/audit.ts';
import { createAudit } from '../../../src/audit/create-audit.ts';
import { auditFormats } from '../../../src/audit/formats/index.ts';
import type { Report } from '../../../src/report/report.ts';

/** The audit of these reports on this day, as `r0.json`, `r1.json` and so on. */
export function auditOf(reports: readonly Report[], date: string): Audit {
  const rules = { count: 29, sha256: 'ef'.repeat(32) };
  const builder = createAudit({ date, ending: null, rules });
  for (const [at, each] of reports.entries())
    builder.add(each, { file: `r${at}.json`, sha256: `${at}${'0'.repeat(63)}` });
  return builder.finish();
}

/** The same in any format, as text. */
export async function audited(
  format: string,
  reports: readonly Report[],
  date: string,
): Promise<string> {
  const writer = await auditFormats[format]?.();
  assert.ok(writer);
  const look = { color: false, width: 200, all: false };
  return [...writer.render(auditOf(reports, date), look)].join('');
}
