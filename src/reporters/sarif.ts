import type { Reporter } from './reporter.ts';
import { comparisonIn } from './sarif/marked-comparison.ts';
import { renderSarif } from './sarif/render-sarif.ts';

/** SARIF 2.1.0 as GitHub code scanning takes it at the first try. */
const sarif: Reporter = {
  format: 'sarif',
  summary: 'SARIF 2.1.0 for code scanning',
  render: (report, options) => renderSarif(report, options, comparisonIn(report)),
};
export default sarif;
