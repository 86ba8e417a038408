import { renderBill } from './cyclonedx/render-bill.ts';
import type { Reporter } from './reporter.ts';

/** A bill of materials that says how its files are hardened. */
const cyclonedx: Reporter = {
  format: 'cyclonedx',
  summary: 'CycloneDX 1.6: files and packages with their verdicts',
  render: renderBill,
};
export default cyclonedx;
