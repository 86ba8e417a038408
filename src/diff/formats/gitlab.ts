import gitlab from '../../reporters/gitlab.ts';
import { comparisonReport } from '../comparison-report.ts';
import { type DiffFormat, reportLook } from './diff-format.ts';

/** An issue for what became worse, with the fingerprint that a scan gives it. */
const gitlabDiff: DiffFormat = {
  format: 'gitlab',
  render: (compared, look) => gitlab.render(comparisonReport(compared), reportLook(look)),
};
export default gitlabDiff;
