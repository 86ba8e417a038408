import { escapeText } from '../../base/escape.ts';

/**
 * Inline text that is neither formatted, linked nor taken for HTML or for the end of a table cell. The empty comment
 * is what keeps GitHub from reading a mention or a reference to an issue.
 */
export function escapeMarkdown(text: string): string {
  return escapeText(text)
    .replace(/[\\`*_{}[\]()!|~$&<>]/g, '\\$&')
    .replace(/[@#](?=\w)/g, '$&<!-- -->')
    .replace(/:(?=\/\/)|\.(?=\w)(?<=\bwww\.)/g, '$&<!-- -->');
}

/** A name or path as code, in which nothing has a meaning but, in a table, its bar. */
export function codeSpan(text: string, place: 'cell' | 'line' = 'cell'): string {
  const plain = escapeText(text);
  const inert = place === 'cell' ? plain.replaceAll('|', '\\|') : plain;
  const runs = inert.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  return fence.length > 1 ? `${fence} ${inert} ${fence}` : `${fence}${inert}${fence}`;
}

/** A name can be 4096 characters long, and a comment has room for sixteen of those. */
export function shorten(text: string, most = 200): string {
  const end = Math.floor(most * 0.35);
  return text.length <= most ? text : `${text.slice(0, most - end - 10)}…${text.slice(-end)}`;
}
