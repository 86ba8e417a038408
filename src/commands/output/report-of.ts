import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { Report } from '../../report/report.ts';
import { readReport } from '../../saved-report/read-report.ts';
import type { ScanOptions } from '../../scan/scan-options.ts';

/** Throws UsageError. */
export async function reportOf(
  reference: string,
  cwd: string,
  options: ScanOptions,
): Promise<Report> {
  if (await isSavedReport(resolve(cwd, reference))) return loadReport(reference, cwd);
  const { scan } = await import('../../scan/scan.ts');
  return scan([reference], options);
}

/** The report in a file that `-o json` wrote. Throws UsageError. */
export async function loadReport(file: string, cwd: string): Promise<Report> {
  return reportIn(await readText(file, cwd), file);
}

/** Reads a report from text; `file` is its name in messages. Throws UsageError. */
export function reportIn(text: string, file: string): Report {
  try {
    return readReport(text);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${file}: ${error.message}`) : error;
  }
}

/** Throws UsageError. */
export async function readText(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

/** Decided by the first bytes: no image begins with the brace of a JSON document. */
async function isSavedReport(path: string): Promise<boolean> {
  if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) return false;
  for await (const chunk of createReadStream(path, { end: 63, encoding: 'utf8' }))
    return /^\s*\{\s*"schemaVersion"/.test(String(chunk));
  return false;
}
