import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page without its data: what comes before it, and what follows. */
export interface PageText {
  readonly pageHead: string;
  readonly pageTail: string;
}

type Read = (name: string) => string;

/** Comments that hold nothing but types: the compiler, which checks the scripts, needs them, and the page does not. */
const types = /^[ \t]*\/\*\*\s*(?:\*\s*)?@(?:(?!\*\/)[\s\S])*\*\/\n/gm;

const imports = /^import [^;]* from '\.\/(?<file>[\w-]+\.js)';\n/gm;

/**
 * Joins the files of page/ that one of its HTML files names. The bundle has the text in place of this: only its making
 * and a program that is not bundled read the files.
 */
export function joinPage(file: string): PageText {
  const folder = join(import.meta.dirname, 'page');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
  const page = read(file);
  const [styles = ''] = /(?<=<style>{{)[^}]+/.exec(page) ?? [];
  const style = `\n${styles.split(' ').map(read).join('\n\n')}\n`;
  const [first = ''] = /(?<=<script type="module">{{)[^}]+/.exec(page) ?? [];
  const script = `\n${joinModules(first, read)}\n`;
  if (/<\/(?:script|style)|<!--/i.test(style + script))
    throw new Error('a piece of the page would end its element');
  const [pageHead = '', tail = ''] = page
    .replace('{{policy}}', policy(style, script))
    .replace(`{{${styles}}}`, () => style)
    .replace(`{{${first}}}`, () => script)
    .split('{{report}}');
  return { pageHead, pageTail: `${tail}\n` };
}

/** Nothing from elsewhere, nothing inline but these two pieces, and no string that becomes HTML. */
function policy(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** One module of many: each after those it imports. Their names share one scope, so none may be used twice. */
function joinModules(first: string, read: Read): string {
  const joined: string[] = [];
  const visit = (name: string) => {
    if (joined.includes(name)) return;
    for (const { groups } of read(name).matchAll(imports)) visit(groups?.['file'] ?? '');
    if (!joined.includes(name)) joined.push(name);
  };
  visit(first);
  const pieces = joined.map((name) =>
    read(name)
      .replace(imports, '')
      .replace(types, '')
      .replace(/^export /gm, '')
      .trim(),
  );
  refuseTwice(pieces.join('\n'));
  return pieces.map((piece, at) => `// ${joined[at]}\n${piece}`).join('\n\n');
}

function refuseTwice(script: string): void {
  const seen = new Set<string>();
  for (const [, name = ''] of script.matchAll(/^(?:function|const|let) (\w+)/gm)) {
    if (seen.has(name)) throw new Error(`two files of the page declare ${name}`);
    seen.add(name);
  }
}
