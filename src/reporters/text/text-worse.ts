import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import type { Report } from '../../report/report.ts';
import { distinguishFiles } from '../findings/distinguish-targets.ts';
import { type WorseEntry, worseEntries } from '../findings/worse-entries.ts';
import { plainWorse, worseCount, worseFiles } from '../findings/worse-words.ts';
import { plainText } from '../remedies/remedy.ts';
import { hang } from './text-layout.ts';
import type { Page } from './text-page.ts';

/** Causes without --all. */
const mostCauses = 20;

/**
 * What was lost since the older release: an entry for each cause of yours and for each that breaks the gate. What is new has its place
 * among the findings below.
 */
export function* renderWorse(report: Report, page: Page): Generator<string> {
  const lost = worseEntries(report).filter(({ how }) => how === 'lost');
  if (lost.length === 0) return;
  const { style, width, all } = page;
  const title = `WORSE THAN IN ${escapeText(report.against?.given ?? '')}`;
  yield `${style.bold(title)}  ${worseCount(lost)}\n`;
  const isEntry = ({ whose, breaking }: WorseEntry) => all || whose === 'yours' || breaking > 0;
  const own = lost.filter(isEntry);
  const listed = all ? own : own.slice(0, mostCauses);
  const apart = distinguishFiles(report.targets);
  for (const entry of listed) {
    const { severity, rule, remedy } = entry;
    const said = escapeText(`${rule}: ${plainWorse(entry)}`);
    const label = severity.padEnd(8);
    yield hang(`  ${label}  `, said, width).replace(label, (word) =>
      style.severity(severity, word),
    );
    const most = all ? Number.POSITIVE_INFINITY : undefined;
    const files = worseFiles(entry, apart, most === undefined ? {} : { most });
    yield hang('            ', escapeText(files), width);
    if (remedy !== null) yield hang('            fix       ', escapeText(plainText(remedy)), width);
  }
  yield* restLine(own.slice(listed.length), 'more', page);
  yield* restLine(
    lost.filter((entry) => !isEntry(entry)),
    'of dependencies and the distribution',
    page,
  );
  yield '\n';
}

function* restLine(rest: readonly WorseEntry[], which: string, { style }: Page): Generator<string> {
  if (rest.length === 0) return;
  const verdicts = rest.reduce((total, { findings }) => total + findings.length, 0);
  const text = `and ${amount(verdicts, 'verdict')} ${which} with --all`;
  yield `${style.dim(`  ${text}`)}\n`;
}
