import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { Report } from '../../report/report.ts';
import { readReport } from '../../saved-report/read-report.ts';
import type { ScanOptions } from '../../scan/scan-options.ts';

/** Of images or saved reports, in their order; what several images hold is read once. Throws UsageError. */
export async function reportsOf(
  references: readonly string[],
  cwd: string,
  options: ScanOptions,
): Promise<readonly Report[]> {
  const saved: (Report | null)[] = [];
  for (const reference of references) {
    const isSaved = await isSavedReport(resolve(cwd, reference));
    saved.push(isSaved ? await loadReport(reference, cwd) : null);
  }
  const images = references.filter((_, at) => saved[at] === null).map((image) => [image]);
  if (images.length === 0) return saved.filter((report) => report !== null);
  const { scanEach } = await import('../../scan/scan.ts');
  const scanned = (await scanEach(images, options)).map(({ report }) => report);
  return saved.map((report) => report ?? scanned.shift()).filter((report) => report !== undefined);
}

/**
 * The report in a file that `-o json` wrote. Throws UsageError, also for one that contradicts itself: what is judged or compared by it
 * would follow from what somebody edited.
 */
export async function loadReport(file: string, cwd: string): Promise<Report> {
  return sound(reportIn(await readBytes(file, cwd), file), file);
}

export interface ReportFile {
  readonly report: Report;
  /** Of the bytes, in hexadecimal: others compare it with the file. */
  readonly sha256: string;
}

/** As `loadReport`, with the digest. */
export async function loadReportFile(file: string, cwd: string): Promise<ReportFile> {
  const found = await readReportFile(file, cwd);
  await sound(found.report, file);
  return found;
}

/** For those that say themselves where it contradicts itself. Throws UsageError. */
export async function readReportFile(file: string, cwd: string): Promise<ReportFile> {
  const bytes = await readBytes(file, cwd);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { report: reportIn(bytes, file), sha256 };
}

async function sound(report: Report, file: string): Promise<Report> {
  const { refuseContradictions } = await import('../../policy/refuse-contradictions.ts');
  const { rules } = await import('../../../rules/index.ts');
  refuseContradictions(report, file, rules);
  return report;
}

function reportIn(bytes: Buffer, file: string): Report {
  try {
    return readReport(bytes.toString('utf8'));
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${file}: ${error.message}`) : error;
  }
}

/** Throws UsageError. */
export async function readBytes(file: string, cwd: string): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

/** Decided by the first bytes: no image begins with the brace of a JSON document. */
export async function isSavedReport(path: string): Promise<boolean> {
  if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) return false;
  for await (const chunk of createReadStream(path, { end: 63, encoding: 'utf8' }))
    return /^\s*\{\s*"schemaVersion"/.test(String(chunk));
  return false;
}
