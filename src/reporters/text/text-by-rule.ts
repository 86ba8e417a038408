import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { severities, worstSeverity } from '../../base/verdict.ts';
import { isFinding } from '../../report/finding.ts';
import type { Report } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import { findingsByGroup, owners } from '../groups/groups-of.ts';
import { ownershipOf, type Whose } from '../groups/ownership-of.ts';
import { remediesFor } from '../remedies/remedy.ts';
import { hang } from './text-layout.ts';
import type { Page } from './text-page.ts';

/** Of one rule: what is left needs them less. */
const mostRemedies = 2;
const mostPaths = 10;

export function* renderByRule(report: Report, page: Page): Generator<string> {
  const rules = new Map<string, Finding[]>();
  for (const finding of findingsByGroup(report, { wanted: page.isListed })) {
    const findings = rules.get(finding.verdict.rule) ?? [];
    rules.set(finding.verdict.rule, findings);
    findings.push(finding);
  }
  const sorted = [...rules].toSorted(([, a], [, b]) => worstOf(a) - worstOf(b));
  for (const [rule, findings] of sorted) yield* renderRule(rule, findings, page);
}

function worstOf(findings: readonly Finding[]): number {
  return severities.indexOf(worstSeverity(findings.map(({ verdict }) => verdict)));
}

function* renderRule(
  rule: string,
  findings: readonly Finding[],
  { style, width, rules }: Page,
): Generator<string> {
  yield `\n${style.bold(rule)}: ${amount(findings.length, 'file')} (${ownersIn(findings)})\n`;
  for (const { judged, verdict } of findings.slice(0, mostPaths)) {
    const label = (verdict.outcome === 'fail' ? verdict.severity : verdict.outcome).padEnd(8);
    yield `  ${style.severity(verdict.severity, label)}  ${escapeText(judged.path)}\n`;
  }
  if (findings.length > mostPaths)
    yield style.dim(`  and ${findings.length - mostPaths} more: -o csv\n`);
  const failed = findings.filter(({ verdict }) => isFinding(verdict));
  for (const { toolchain, text } of remediesFor(failed, rules).slice(0, mostRemedies))
    yield hang('  fix       ', `${toolchain}: ${text}`, width);
}

const words: Readonly<Record<Whose, string>> = {
  yours: 'yours',
  dependency: 'of dependencies',
  distribution: 'of the distribution',
};

function ownersIn(findings: readonly Finding[]): string {
  return owners
    .map((whose) => {
      const count = findings.filter(({ judged }) => ownershipOf(judged).whose === whose).length;
      return count === 0 ? '' : `${count} ${words[whose]}`;
    })
    .filter((part) => part !== '')
    .join(', ');
}
