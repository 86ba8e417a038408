import { type ConfigNode, positionText } from '../config-node.ts';
import { decodeConfig } from '../decode.ts';
import { checkDocument } from '../document.ts';
import { byPlace } from '../mistakes.ts';
import type { Shape } from '../node-shapes.ts';
import { globRemarks } from './glob-remarks.ts';
import { levelRemarks } from './level-remarks.ts';
import { type Remark, warning } from './remark.ts';
import { textRemarks } from './text-remarks.ts';
import { waiverRemarks } from './waiver-remarks.ts';

export interface Linted<T> {
  /** By place. */
  readonly remarks: readonly Remark[];
  /** Null where the file has mistakes, or nothing. */
  readonly value: T | null;
  readonly node: ConfigNode | null;
}

/** All that is wrong with a file, and what its author can hardly have meant. `today` is as `2027-01-31`. */
export function lintConfig<T>(
  content: string | Uint8Array,
  file: string,
  shape: Shape<T>,
  today: string,
): Linted<T> {
  const { node, value, mistakes, certainBefore } = checkDocument(content, file, shape);
  const errors = mistakes.map(
    ({ at, message }): Remark => ({ at, level: 'error', id: 'mistake', message }),
  );
  if (node === null && errors.length === 0) {
    const at = { file, line: 1, column: 1 };
    return { node, value, remarks: [warning(at, 'empty', 'the file contains no settings')] };
  }
  const { text } = decodeConfig(content, file);
  const lines = text.split('\n');
  const warnings = node === null ? [] : warningsOf(node, lines, today);
  const mistaken = new Set(errors.map(({ at }) => positionText(at)));
  const certain = warnings.filter(
    ({ at }) => !mistaken.has(positionText(at)) && (!('line' in at) || at.line < certainBefore),
  );
  return { node, value, remarks: byPlace([...errors, ...certain]) };
}

function warningsOf(node: ConfigNode, lines: readonly string[], today: string): readonly Remark[] {
  return [
    ...globRemarks(node),
    ...levelRemarks(node),
    ...textRemarks(node, lines),
    ...waiverRemarks(node, today),
  ];
}
