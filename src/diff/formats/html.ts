import { severities } from '../../base/verdict.ts';
import { pageHead, pageTail } from '../../reporters/html/diff-assets.ts';
import { inScript } from '../../reporters/html/in-script.ts';
import type { PageCause } from '../../reporters/html/page-cause.ts';
import { hexadecimal } from '../../reporters/writing/write-json.ts';
import { type BothSides, bothSides } from '../both-sides.ts';
import type { BinaryChange, VerdictChange } from '../difference.ts';
import type { Said } from '../page-types.ts';
import { shownCauses } from '../shown-causes.ts';
import type { Compared, DiffFormat } from './diff-format.ts';
import { fileNames, mostFiles } from './words/cause-words.ts';

/**
 * One file that needs nothing else: the difference as data in an inert script element, with what both sides say and what they saw,
 * and the page that shows it.
 */
const html: DiffFormat = {
  format: 'html',
  *render(compared) {
    const { difference, gate, reports } = compared;
    const { worse, better, neutral, unseen, byPolicy, added, removed, changed, ...rest } =
      difference;
    const lists = { worse, better, neutral, unseen, byPolicy, added, removed, changed };
    yield pageHead;
    const causes = causesOf(compared);
    yield inScript({ gate, severities, ...rest, causes }).slice(0, -1);
    const sides = bothSides(reports);
    // One change after the other: no list is held as text.
    for (const [key, list] of Object.entries(lists)) {
      yield `,\n${inScript(key)}:[`;
      for (const [at, change] of list.entries())
        yield `${at > 0 ? ',' : ''}${inScript(withBothSides(change, sides))}`;
      yield ']';
    }
    yield '}';
    yield pageTail;
  },
};
export default html;

function withBothSides(change: BinaryChange | VerdictChange, sides: BothSides) {
  if (!('rule' in change)) return change;
  const { message: _, ...rest } = change;
  const { before, after } = sides.verdictsOf(change);
  return { ...rest, was: said(before), is: said(after) };
}

/** Numbers of evidence are written as in JSON. */
function said(finding: ReturnType<BothSides['verdictsOf']>['before']): Said | null {
  if (finding === null) return null;
  const { message, evidence } = finding.verdict;
  return {
    message,
    seen: evidence.map(({ what, saw, offset }) =>
      offset === undefined ? [what, saw] : [what, saw, hexadecimal(offset)],
    ),
  };
}

function causesOf(compared: Compared): readonly PageCause[] {
  return shownCauses(compared.difference, compared.gate).map((cause) => {
    const { rule, severity, sentence, remedy, breaks, entries } = cause;
    const names = fileNames(cause, compared);
    const files = names.slice(0, mostFiles);
    const more = names.length - files.length;
    return { rule, severity, sentence, remedy, breaks, verdicts: entries.length, files, more };
  });
}
