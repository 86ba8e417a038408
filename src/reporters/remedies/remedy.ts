import type { Remedies, Rule, Toolchain } from '../../judge/rule.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';

/** As documents list them. */
const order: readonly Toolchain[] = [
  'gcc',
  'clang',
  'rustc',
  'go',
  'zig',
  'cmake',
  'alpine',
  'debian',
  'image',
];

/** Languages that have a toolchain of their own; every other one is taken for C, whose flags most compilers share. */
const toolchains: readonly (readonly [language: string, toolchain: Toolchain])[] = [
  ['go', 'go'],
  ['rust', 'rustc'],
  ['zig', 'zig'],
];

export interface Remedy {
  readonly toolchain: Toolchain;
  /** Its first sentence, without Markdown. */
  readonly text: string;
}

/** The remedy to show where there is room for one; null for a rule that this version does not know. */
export function remedyOf(finding: Finding, rules: readonly Rule[]): Remedy | null {
  const rule = rules.find(({ id }) => id === finding.verdict.rule);
  const own = finding.verdict.remedies ?? {};
  return choose(own, finding, rule) ?? choose(rule?.remediation ?? {}, finding, rule);
}

/** The build of the file fixes it, unless the root around it lacks something. */
function choose(remedies: Remedies, finding: Finding, rule: Rule | undefined): Remedy | null {
  const toolchains = toolchainsOf(finding.judged);
  const places = [...distributionOf(finding.target), 'image'] as const;
  const preferred: readonly Toolchain[] =
    rule?.remedied === 'root'
      ? [...toolchains, ...places, ...order]
      : [...toolchains, 'gcc', 'clang', ...places.toReversed(), ...order];
  for (const toolchain of preferred) {
    const text = remedies[toolchain];
    if (text !== undefined) return { toolchain, text: firstSentence(text) };
  }
  return null;
}

/** What fixes most of these findings of one rule, the commonest first: a Go program wants another flag than a C one. */
export function remediesFor(
  findings: readonly Finding[],
  rules: readonly Rule[],
): readonly Remedy[] {
  const counts = new Map<string, { readonly remedy: Remedy; readonly count: number }>();
  for (const finding of findings) {
    const remedy = remedyOf(finding, rules);
    if (remedy === null) continue;
    const key = `${remedy.toolchain} ${remedy.text}`;
    counts.set(key, { remedy, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count).map(({ remedy }) => remedy);
}

function toolchainsOf({ facts }: Judged): readonly Toolchain[] {
  const language = facts.language?.known ? facts.language.value : [];
  return toolchains.flatMap(([name, toolchain]) =>
    language.some((found) => found.name === name) ? [toolchain] : [],
  );
}

function distributionOf({ os }: TargetReport): readonly Toolchain[] {
  return os?.id === 'alpine' || os?.id === 'debian' ? [os.id] : [];
}

/** Toolchain and Markdown text of every remedy, in the order that reports show them. */
export function remediesOf(rule: Rule): readonly (readonly [Toolchain, string])[] {
  return order.flatMap((toolchain) => {
    const text = rule.remediation[toolchain];
    return text === undefined ? [] : [[toolchain, text] as const];
  });
}

/** Up to the first full stop that is not part of a flag, a file name or `...`; a colon after a word or two ends none. */
export function firstSentence(markdown: string): string {
  const plain = plainText(markdown);
  const sentence = /^.*?(?:(?<!\.\.)[.!]|(?<=^[^:]{20,}):)(?=\s|$)/.exec(plain)?.[0];
  return sentence?.replace(/[.:]$/, '') ?? plain;
}

/** Markdown as it reads without its marks: code spans, links and line breaks inside a paragraph. */
export function plainText(markdown: string): string {
  return markdown
    .trim()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .replace(/\s+/g, ' ');
}
