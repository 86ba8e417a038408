import { escapeText } from '../../base/escape.ts';
import type { Fix } from '../remedies/fix.ts';
import { hang } from './text-layout.ts';

const columns = 12;
const fixIndent = ' '.repeat(columns + 2);

/** Lines of one fix. A command stays one command: a shell joins lines that end with a backslash, in double quotes too. */
export function fixLines(fix: Fix, width: number, name: 'fix' | 'or' = 'fix'): readonly string[] {
  const label = `  ${name}`.padEnd(columns);
  switch (fix.form) {
    case 'command':
      return continued(escapeText(fix.text), width, label);
    case 'advice':
      return hang(label, escapeText(fix.text), width).trimEnd().split('\n');
    case 'settings':
      return [
        `${label}in ${fix.file}:`,
        ...fix.lines.flatMap((line) => continued(escapeText(line), width, fixIndent)),
      ];
  }
}

/** A line for a shell; its later lines are indented as those of a fix, or as far as `indent` says. */
export function continued(
  text: string,
  width: number,
  head: string,
  indent = fixIndent,
): readonly string[] {
  const lines: string[] = [];
  let line = head;
  for (const word of wordsOf(text)) {
    const isFirst = line === head || line === indent;
    // Room for the backslash of a line that another follows.
    if (!isFirst && line.length + 1 + word.length > width - ' \\'.length) {
      lines.push(`${line} \\`);
      line = indent;
    }
    line = line === head || line === indent ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}

/** At spaces, but for those in single quotes: there a backslash is one. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote: string | null = null;
  for (const character of text) {
    if (character === ' ' && quote !== "'") {
      words.push(word);
      word = '';
      continue;
    }
    if (character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) quote = character;
    word += character;
  }
  return [...words, word];
}
