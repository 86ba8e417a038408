// supporting: files that are as the distribution built them, of which the text report says one line
import { amount } from '../amount.ts';
import { breaksGate, isFinding } from '../finding.ts';
import type { BinaryReport, TargetReport } from '../report.ts';
import { severities } from '../verdict.ts';
import { packageOf } from './package-of.ts';
import type { Page } from './text.ts';
import { wrap } from './text-layout.ts';

type Look = Pick<Page, 'all' | 'gate'>;

/**
 * Of a package of the image's own database, with the content that this has a digest of: nobody who makes the image can
 * change it. What breaks the gate is never passed over, whoever built it.
 */
function isAsPackaged({ facts, verdicts }: BinaryReport, { all, gate }: Look): boolean {
  return !all && packageOf(facts) !== null && !verdicts.some((each) => breaksGate(gate, each));
}

/** With those binaries that the report names one by one. */
export function listedTarget(target: TargetReport, look: Look): TargetReport {
  return { ...target, binaries: target.binaries.filter((binary) => !isAsPackaged(binary, look)) };
}

export function* renderAsPackaged(target: TargetReport, page: Page): Generator<string> {
  const folded = target.binaries.filter((binary) => isAsPackaged(binary, page));
  const found = foundIn(folded);
  if (found.length === 0) return;
  const are = `${amount(folded.length, 'binary')} ${folded.length === 1 ? 'is' : 'are'} as packaged`;
  const text = `${are}: ${found.join(', ')} (see --all)`;
  for (const line of wrap(text, page.width)) yield `${page.style.dim(line)}\n`;
  yield '\n';
}

function foundIn(binaries: readonly BinaryReport[]): readonly string[] {
  const verdicts = binaries.flatMap((binary) => binary.verdicts);
  const findings = severities.flatMap((severity) => {
    const count = verdicts.filter((each) => isFinding(each) && each.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const unknown = verdicts.filter(({ outcome }) => outcome === 'unknown').length;
  return unknown === 0 ? findings : [...findings, `${unknown} unknown`];
}
