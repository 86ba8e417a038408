import { exemptionsOf, type Rule } from '../../judge/rule.ts';
import { remediesOf } from './remedy.ts';

/** Sections below headings of this level; the rule's title is not among them. */
export function ruleMarkdown(rule: Rule, level: number): string {
  const mark = '#'.repeat(level);
  const sections = [
    ['Why it matters', rule.rationale.trim()],
    ['How it is decided', rule.evidence.trim()],
    [
      'How to fix it',
      list(remediesOf(rule).map(([toolchain, text]) => `**${toolchain}**: ${text.trim()}`)),
    ],
    ['Not judged', list(exemptionsOf(rule).map(([kind, reason]) => `${kind}: ${reason}`))],
    ['References', list([...rule.cwe.map(cweLink), ...rule.references.map((url) => `<${url}>`)])],
  ] as const;
  return sections
    .filter(([, body]) => body !== '')
    .map(([title, body]) => `${mark} ${title}\n\n${body}\n`)
    .join('\n');
}

export function cweUrl(id: number): string {
  return `https://cwe.mitre.org/data/definitions/${id}.html`;
}

function cweLink(id: number): string {
  return `[CWE-${id}](${cweUrl(id)})`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item.replaceAll('\n', '\n  ')}`).join('\n');
}
