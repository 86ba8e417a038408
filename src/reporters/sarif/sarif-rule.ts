import type { ReportingConfiguration, ReportingDescriptor } from 'sarif';
import type { Severity } from '../../base/verdict.ts';
import type { Rule } from '../../judge/rule.ts';
import { plainText } from '../remedies/remedy.ts';
import { cweUrl, ruleMarkdown } from '../remedies/rule-text.ts';

/** GitHub refuses longer descriptions. */
const longestDescription = 1024;

/** What a viewer shows of a rule. A saved report may name one that this version does not know: then only its id. */
export function describeRule(id: string, rule: Rule | undefined): ReportingDescriptor {
  if (rule === undefined) {
    const text = `${id}, a rule of another version of hullcheck.`;
    return { id, shortDescription: { text }, fullDescription: { text }, help: { text } };
  }
  const helpUri = rule.references[0] ?? rule.cwe.map(cweUrl)[0];
  const markdown = ruleMarkdown(rule, 2);
  return {
    id,
    ...nameOf(id),
    shortDescription: { text: cut(sentence(plainText(rule.title))) },
    fullDescription: { text: cut(sentence(plainText(rule.rationale))) },
    help: { text: markdown.replaceAll('`', ''), markdown },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: levelOf(rule.severity) },
    properties: {
      tags: ['security', 'hardening', ...rule.cwe.slice(0, 8).map(cweTag)],
      precision: 'high',
      // GitHub wants a string that reads as a number.
      'security-severity': rule.securitySeverity.toFixed(1),
    },
  };
}

/** SARIF wants no name that is the id again, as it would be of `pie`. */
function nameOf(id: string): { name?: string } {
  if (!id.includes('-')) return {};
  return { name: id.replace(/(?:^|[-/])([a-z])/g, (_, letter: string) => letter.toUpperCase()) };
}

export function levelOf(severity: Severity): NonNullable<ReportingConfiguration['level']> {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}

/** Viewers show the first sentence as a title, so there must be one. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function cweTag(id: number): string {
  return `external/cwe/cwe-${String(id).padStart(3, '0')}`;
}

function cut(text: string): string {
  return text.length <= longestDescription ? text : `${text.slice(0, longestDescription - 4)} ...`;
}
