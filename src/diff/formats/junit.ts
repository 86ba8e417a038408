import junit from '../../reporters/junit.ts';
import { comparisonReport } from '../comparison-report.ts';
import { type DiffFormat, reportLook } from './diff-format.ts';

/** A test case for each rule and file, or component: those fail that became worse. They have the names that a scan gives them. */
const junitDiff: DiffFormat = {
  format: 'junit',
  render: (compared, look) => junit.render(comparisonReport(compared), reportLook(look)),
};
export default junitDiff;
