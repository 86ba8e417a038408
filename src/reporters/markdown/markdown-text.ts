import { wrap } from '../../base/wrap.ts';

/** The first line of a list's item. */
const item = /^(?<mark>[-*]|\d+\.) +(?=\S)/;

/** Paragraphs and list items are wrapped to the width, lines of code are kept. Inline marks stay: they read well. */
export function markdownLines(markdown: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const block of blocksOf(markdown))
    lines.push(...(block.code ? block.lines : wrapBlock(block.lines, width)));
  return lines;
}

interface Block {
  readonly code: boolean;
  readonly lines: string[];
}

/** What is wrapped as one: a paragraph, an item, a blank line; or lines of code in a fence or indented by four. */
function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let fenced = false;
  for (const line of markdown.trim().split('\n')) {
    if (line.trimStart().startsWith('```')) {
      fenced = !fenced;
      continue;
    }
    const last = blocks.at(-1);
    const inItem = last !== undefined && !last.code && item.test(last.lines[0] ?? '');
    const code = fenced || (/^ {4}/.test(line) && !inItem);
    const begins =
      last === undefined ||
      last.code !== code ||
      line.trim() === '' ||
      last.lines[0]?.trim() === '' ||
      item.test(line);
    if (begins && !(code && last?.code))
      blocks.push({ code, lines: [fenced ? `    ${line}` : line] });
    else last?.lines.push(fenced ? `    ${line}` : line);
  }
  return blocks;
}

/** Further lines of an item begin below its text. */
function wrapBlock(lines: readonly string[], width: number): readonly string[] {
  const text = lines.map((line) => line.trim()).join(' ');
  const mark = item.exec(text)?.[0] ?? '';
  const indent = ' '.repeat(mark.length);
  return wrap(text.slice(mark.length), width - mark.length).map(
    (line, index) => (index === 0 ? mark : indent) + line,
  );
}
