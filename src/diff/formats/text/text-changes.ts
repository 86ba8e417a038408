import { escapeText } from '../../../base/escape.ts';
import { isSeverity } from '../../../base/verdict.ts';
import { hang } from '../../../reporters/text/text-layout.ts';
import type { BinaryChange, VerdictChange } from '../../difference.ts';
import { type ChangeGroup, componentText } from '../../group-changes.ts';
import { binaryText, countsText, longestList, standings } from '../words/words.ts';
import type { Page } from './text-page.ts';

/** Lists are cut by what has a line: a change, or a component of which nothing counts. */
export function* renderGroups(
  groups: readonly ChangeGroup<VerdictChange | BinaryChange>[],
  page: Page,
): Generator<string> {
  let room = page.all ? Number.POSITIVE_INFINITY : longestList;
  let rest = 0;
  for (const { component, changes } of groups) {
    if (room <= 0) rest += changes.length;
    else if (component !== null && !page.all) {
      yield labelled(changes, `${componentText(component)}: ${countsText(changes)}`, page);
      room -= 1;
    } else {
      yield* renderFile(changes.slice(0, room), page);
      rest += Math.max(changes.length - room, 0);
      room -= changes.length;
    }
  }
  if (rest > 0) yield `${page.style.dim(`  and ${rest} more with --all`)}\n`;
}

function* renderFile(
  changes: readonly (VerdictChange | BinaryChange)[],
  page: Page,
): Generator<string> {
  const [first] = changes;
  if (first === undefined) return;
  yield hang('  ', escapeText(binaryText(first)), page.width);
  for (const change of changes)
    if ('rule' in change) {
      const [was, is] = standings(change);
      const turn = was === is ? '' : `was ${was}, is ${is}: `;
      yield `  ${labelled([change], `${change.rule}: ${turn}${change.message}`, page)}`;
    }
}

/** The first is the most severe. A list of binaries has no severities. */
function labelled(
  [first]: readonly (VerdictChange | BinaryChange)[],
  said: string,
  { style, width }: Page,
): string {
  if (first === undefined || !('rule' in first)) return hang('  ', escapeText(said), width);
  // What changed in a file that passes as before is a note.
  const hasSeverity = first.before !== 'unknown' && first.after !== 'unknown';
  const severity =
    hasSeverity || [first.after, first.before].some(isSeverity) ? first.severity : null;
  const label = (severity ?? 'unknown').padEnd(8);
  const lines = hang(`  ${label}  `, escapeText(said), width - 2);
  return lines.replace(label, (word) =>
    severity === null ? style.outcome('unknown', word) : style.severity(severity, word),
  );
}
