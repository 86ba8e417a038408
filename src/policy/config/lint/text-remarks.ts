import type { ConfigNode } from '../config-node.ts';
import { textOf, textsIn } from './in-node.ts';
import { type Remark, warning } from './remark.ts';

/** Texts that are not what they seem to be. */
export function* textRemarks(node: ConfigNode, lines: readonly string[]): Generator<Remark> {
  for (const each of textsIn(node)) {
    const text = textOf(each) ?? '';
    if (hidden.test(text))
      yield warning(
        each.at,
        'hidden',
        'characters that cannot be seen or change the direction of the text: remove them',
      );
    if (/\b(?:TODO|FIXME|TBD)\b/.test(text))
      yield warning(
        each.at,
        'placeholder',
        `${JSON.stringify(text.slice(0, 40))} is to be written yet`,
      );
    if ('line' in each.at && isCut(text, each.at, lines))
      yield warning(
        each.at,
        'comment',
        'what follows the # is a comment of YAML: put the text in quotes if it belongs to it',
      );
  }
}

/** Marks of direction, and characters without width. */
const hidden = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u00ad]/;

/** `reason: ticket #12`: a comment has a space behind its sign, where people write one. */
function isCut(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
  lines: readonly string[],
): boolean {
  const written = lines[line - 1]?.slice(column - 1) ?? '';
  return written.startsWith(text) && /^\s+#[^\s#]/.test(written.slice(text.length));
}
