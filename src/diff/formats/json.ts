import { writeJson } from '../../reporters/writing/write-json.ts';
import type { DiffFormat } from './diff-format.ts';

/** Everything that is known of the difference, one document. */
const json: DiffFormat = {
  format: 'json',
  *render({ difference, gate }) {
    yield `${writeJson({ schemaVersion: '1.0.0', type: 'diff', gate, ...difference })}\n`;
  },
};
export default json;
