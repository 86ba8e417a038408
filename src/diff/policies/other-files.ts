import { listed } from '../../base/amount.ts';
import type { PolicyFile, Report } from '../../report/report.ts';

export interface ReportedBy {
  readonly file: string;
  readonly report: Pick<Report, 'policy'>;
}

/**
 * Sentences: by which files reports were judged that neither side of a comparison has. Their waivers, baselines and gates do not
 * count in it: what would break there may hold by them, and the other way round. A file that changed since is another one.
 */
export function otherFiles(
  reports: readonly ReportedBy[],
  compared: readonly PolicyFile[],
): readonly string[] {
  const here = new Set(compared.map(keyOf));
  const byFiles = new Map<string, string[]>();
  for (const { file, report } of reports) {
    const others = report.policy.files.filter((each) => !here.has(keyOf(each)));
    if (others.length === 0) continue;
    const named = listed(
      others.map(({ role, name }) => (role === 'baseline' ? `the baseline ${name}` : name)),
    );
    const same = byFiles.get(named);
    if (same === undefined) byFiles.set(named, [file]);
    else same.push(file);
  }
  return [...byFiles].map(
    ([named, files]) =>
      `${listed(files)} ${files.length === 1 ? 'was' : 'were'} judged by ${named}, which this comparison leaves out with all that it sets, waives and accepts; two files that extend it (extends: [FILE, ITS-OWN-FILE]) have it on both sides`,
  );
}

function keyOf({ role, sha256 }: PolicyFile): string {
  return `${role} ${sha256}`;
}
