import { compareSeverity, type Severity } from '../../base/verdict.ts';
import type { Rule } from '../../judge/rule.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { Report } from '../../report/report.ts';
import { remediesOf } from '../remedies/remedy.ts';
import { cweUrl } from '../remedies/rule-text.ts';

/** One column of the matrix, with the texts that its panel shows. */
export interface PageRule {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Markdown. */
  readonly why: string;
  /** Markdown. */
  readonly how: string;
  readonly fix: readonly (readonly [toolchain: string, markdown: string])[];
  /** Text and address. */
  readonly links: readonly (readonly [text: string, url: string])[];
}

/** The rules that judged anything, most severe first. A saved report may name rules that this version does not know. */
export function describePageRules(
  { targets }: Report,
  rules: readonly Rule[],
): readonly PageRule[] {
  const used = new Map<string, Severity>();
  for (const target of targets) {
    for (const { verdicts } of judgedOf(target))
      for (const { rule, severity } of verdicts) if (!used.has(rule)) used.set(rule, severity);
  }
  const described = [...used].map(([id, severity]) => {
    const rule = rules.find((candidate) => candidate.id === id);
    return rule === undefined ? bare(id, severity) : describe(rule);
  });
  return described.sort((a, b) => compareSeverity(a, b) || (a.id < b.id ? -1 : 1));
}

function describe(rule: Rule): PageRule {
  return {
    id: rule.id,
    severity: rule.severity,
    title: rule.title,
    why: rule.rationale.trim(),
    how: rule.evidence.trim(),
    fix: remediesOf(rule).map(([toolchain, text]) => [toolchain, text.trim()]),
    links: [
      ...rule.cwe.map((cwe) => [`CWE-${cwe}`, cweUrl(cwe)] as const),
      ...rule.references.map((url) => [url, url] as const),
    ],
  };
}

function bare(id: string, severity: Severity): PageRule {
  return { id, severity, title: '', why: '', how: '', fix: [], links: [] };
}
