import type { Report } from '../../report/report.ts';
import { distinguishFiles } from '../findings/distinguish-targets.ts';
import { worseEntries } from '../findings/worse-entries.ts';
import { worseNames } from '../findings/worse-words.ts';
import type { PageCause } from './page-cause.ts';

/** Files of a cause that are named: the table has them all. */
const mostFiles = 20;

/** What was lost since the older release. What is new has its place among the cards. */
export function describeCauses(report: Report): readonly PageCause[] {
  const apart = distinguishFiles(report.targets);
  return worseEntries(report)
    .filter(({ how }) => how === 'lost')
    .map((entry) => {
      const { rule, severity, sentence, remedy, breaking, findings } = entry;
      const names = worseNames(entry, apart);
      const [breaks, verdicts] = [breaking > 0, findings.length];
      const files = names.slice(0, mostFiles);
      const more = names.length - files.length;
      return { rule, severity, sentence, remedy, breaks, verdicts, files, more };
    });
}
