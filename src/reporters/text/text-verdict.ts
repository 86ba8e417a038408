import { escapeText } from '../../base/escape.ts';
import type { Evidence } from '../../base/verdict.ts';
import type { JudgedVerdict } from '../../report/report.ts';
import { acceptanceOf } from '../findings/accepted.ts';
import { hang } from './text-layout.ts';
import type { Style } from './text-style.ts';

export interface VerdictLook {
  readonly style: Style;
  readonly width: number;
  /** Show what the verdict rests on. */
  readonly evidence: boolean;
}

/** `  high      pie: message`, and below it a line for each piece of evidence. */
export function renderVerdict(verdict: JudgedVerdict, look: VerdictLook): string {
  const label = labelOf(verdict).padEnd(8);
  const lines = hang(`  ${label}  `, escapeText(`${verdict.rule}: ${verdict.message}`), look.width);
  const painted = lines.replace(label, (text) => paint(verdict, text, look.style));
  const accepted = acceptanceOf(verdict);
  const head =
    accepted === null
      ? painted
      : painted + look.style.dim(hang(' '.repeat(12), escapeText(accepted), look.width));
  return look.evidence
    ? head + verdict.evidence.map((seen) => renderEvidence(seen, look)).join('')
    : head;
}

function labelOf({ outcome, severity, ...marks }: JudgedVerdict): string {
  const { waived, baselined, countedWith, stands } = marks;
  if (stands?.is === 'as before') return 'before';
  if (waived !== undefined) return 'waived';
  if (baselined !== undefined) return 'known';
  if (countedWith !== undefined) return 'same';
  if (outcome === 'fail') return severity;
  return outcome === 'not-applicable' ? 'n/a' : outcome;
}

function paint(verdict: JudgedVerdict, text: string, style: Style): string {
  const { outcome, severity } = verdict;
  if (acceptanceOf(verdict) !== null) return style.dim(text);
  return outcome === 'fail' ? style.severity(severity, text) : style.outcome(outcome, text);
}

function renderEvidence({ what, saw, offset }: Evidence, { style, width }: VerdictLook): string {
  const place = offset === undefined ? '' : ` at offset 0x${offset.toString(16)}`;
  return `${style.dim(hang(' '.repeat(14), escapeText(`${what}: ${saw}${place}`), width).trimEnd())}\n`;
}
