// The little Markdown that rules' texts use: paragraphs, lists, code blocks, code spans and strong words.
/** @typedef {{ kind: 'code' | 'list' | 'text' | 'end', lines: string[] }} Block */
import { element } from './dom.js';

/** Nodes for a text; whatever is not understood stays as it is written. */
/** @type {(markdown: string) => HTMLElement[]} */
export function markdownNodes(markdown) {
  return blocksOf(markdown).map(({ kind, lines }) => {
    if (kind === 'code') return element('pre', {}, lines.join('\n'));
    if (kind === 'list')
      return element('ul', {}, ...itemsOf(lines).map((item) => element('li', {}, ...inline(item))));
    return element('p', {}, ...inline(lines.join(' ')));
  });
}

/** @type {(markdown: string) => Block[]} */
function blocksOf(markdown) {
  /** @type {Block[]} */
  const blocks = [];
  let fenced = false;
  for (const line of markdown.split('\n')) {
    if (line.trimStart().startsWith('```')) {
      fenced = !fenced;
      blocks.push({ kind: fenced ? 'code' : 'end', lines: [] });
      continue;
    }
    const last = blocks.at(-1) ?? { kind: 'end', lines: [] };
    if (fenced) last.lines.push(line);
    else if (line.trim() === '') blocks.push({ kind: 'end', lines: [] });
    else if (/^ {4}/.test(line) && last.kind !== 'list' && last.kind !== 'text')
      add(blocks, 'code', line.slice(4));
    else if (/^[-*] /.test(line) || last.kind === 'list') add(blocks, 'list', line);
    else add(blocks, 'text', line.trim());
  }
  return blocks.filter(({ lines }) => lines.length > 0);
}

/** @type {(blocks: Block[], kind: Block['kind'], line: string) => void} */
function add(blocks, kind, line) {
  const last = blocks.at(-1);
  if (last?.kind === kind) last.lines.push(line);
  else blocks.push({ kind, lines: [line] });
}

/** A flag is not broken at its dashes; what is longer than a line of a phone must be. */
/** @type {(text: string) => HTMLElement} */
function codeSpan(text) {
  return element('code', { class: text.length < 28 ? 'unbroken' : null }, text);
}

/** A line that begins no item goes on with the last one. */
/** @type {(lines: readonly string[]) => string[]} */
function itemsOf(lines) {
  /** @type {string[]} */
  const items = [];
  for (const line of lines) {
    if (/^[-*] /.test(line)) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items;
}

/** Code and strong words of one line. */
/** @type {(text: string) => (HTMLElement | string)[]} */
export function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.length > 2 && part.startsWith('`')) return codeSpan(part.slice(1, -1));
    if (part.length > 4 && part.startsWith('**')) return element('strong', {}, part.slice(2, -2));
    return part;
  });
}
