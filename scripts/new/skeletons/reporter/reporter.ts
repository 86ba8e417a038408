import { escapeText } from '../../../../src/base/escape.ts';
import { findingsOf } from '../../../../src/reporters/findings/findings-of.ts';
import type { Reporter } from '../../../../src/reporters/reporter.ts';

/** What a line is, and whose format this is. Worst first; only findings unless all verdicts are wanted. */
const skeletonName: Reporter = {
  format: 'skeleton-name',
  summary: 'what it is and for whom, in one line',
  *render(report, { all }) {
    for (const { judged, verdict } of findingsOf(report, all ? 'everything' : 'findings')) {
      const { outcome, severity, rule, message } = verdict;
      // Anyone can choose names in an image: what is printed is escaped.
      yield `${[outcome, severity, rule, judged.path, message].map(escapeText).join('  ')}\n`;
    }
  },
};
export default skeletonName;
