// supporting: which of a rule's remedies a report shows
import type { Rule, Toolchain } from '../rule.ts';

/** Where most of an image's binaries come from first. */
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

export interface Remedy {
  readonly toolchain: Toolchain;
  /** Its first sentence, without Markdown. */
  readonly text: string;
}

/** The remedy to show where there is room for one; null for a rule that this version does not know. */
export function remedyOf(rule: Rule | undefined): Remedy | null {
  if (rule === undefined) return null;
  for (const toolchain of order) {
    const text = rule.remediation[toolchain];
    if (text !== undefined) return { toolchain, text: firstSentence(text) };
  }
  return null;
}

/** Toolchain and Markdown text of every remedy, in the order that reports show them. */
export function remediesOf(rule: Rule): readonly (readonly [Toolchain, string])[] {
  return order.flatMap((toolchain) => {
    const text = rule.remediation[toolchain];
    return text === undefined ? [] : [[toolchain, text] as const];
  });
}

/** Up to the first full stop that is not part of a flag or a file name. */
export function firstSentence(markdown: string): string {
  const plain = plainText(markdown);
  return /^.*?[.:!](?=\s|$)/.exec(plain)?.[0].replace(/[.:]$/, '') ?? plain;
}

/** Markdown as it reads without its marks: code spans, links and line breaks inside a paragraph. */
export function plainText(markdown: string): string {
  return markdown
    .trim()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .replace(/\s+/g, ' ');
}
