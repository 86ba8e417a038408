// Joins files of src/reporters/html/page to one page, as strings that a reporter can import.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const imports = /^import [^;]* from '\.\/(?<file>[\w-]+\.js)';\n/gm;

/** Text of a file of assets: the page up to the report's data, and what follows it. */
export function pageAssets(folder, file, head) {
  const read = (name) => readFileSync(join(folder, name), 'utf8').trim();
  const page = read(file);
  const [styles = ''] = /(?<=<style>{{)[^}]+/.exec(page) ?? [];
  const style = `\n${styles.split(' ').map(read).join('\n\n')}\n`;
  const [first = ''] = /(?<=<script type="module">{{)[^}]+/.exec(page) ?? [];
  const script = `\n${joinModules(first, read)}\n`;
  if (/<\/(?:script|style)|<!--/i.test(style + script))
    throw new Error('a piece of the page would end its element');
  const [before, after] = page
    .replace('{{policy}}', policy(style, script))
    .replace(`{{${styles}}}`, () => style)
    .replace(`{{${first}}}`, () => script)
    .split('{{report}}');
  return [
    head.replace('the files of this folder', 'the files of page/'),
    `\n/** The page up to the data of the report. */\nexport const pageHead = ${literal(before)};\n`,
    `\n/** What follows the data. */\nexport const pageTail = ${literal(`${after}\n`)};\n`,
  ].join('');
}

/** Nothing from elsewhere, nothing inline but these two pieces, and no string that becomes HTML. */
function policy(style, script) {
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

function hash(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** One module of many: each after those it imports. Their names share one scope, so none may be used twice. */
function joinModules(first, read) {
  const joined = [];
  const visit = (name) => {
    if (joined.includes(name)) return;
    for (const { groups } of read(name).matchAll(imports)) visit(groups.file);
    if (!joined.includes(name)) joined.push(name);
  };
  visit(first);
  const pieces = joined.map((name) =>
    read(name)
      .replace(imports, '')
      .replace(/^export /gm, '')
      .trim(),
  );
  refuseTwice(pieces.join('\n').matchAll(/^(?:function|const|let) (?<name>\w+)/gm));
  return pieces.map((piece, at) => `// ${joined[at]}\n${piece}`).join('\n\n');
}

function refuseTwice(declarations) {
  const seen = new Set();
  for (const { groups } of declarations) {
    if (seen.has(groups.name)) throw new Error(`two files of the page declare ${groups.name}`);
    seen.add(groups.name);
  }
}

/** A line of source for each line of text, so that a change reads well in a diff. */
function literal(text) {
  const lines = text.split('\n').map((line) => `  ${JSON.stringify(line)},\n`);
  return `[\n${lines.join('')}].join('\\n')`;
}
