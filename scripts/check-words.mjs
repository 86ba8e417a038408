// Counts stumbling words in what users and contributors read: each has a plain word instead of it, listed in CONTRIBUTING.md. Also checks that
// the list there and the glossary are in step with the code. Plain JavaScript: it needs no build.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const gap = String.raw`(?:[ \t]+|[ \t]*\n[ \t]*(?:\*|\/\/)?[ \t]*)`;

/** `word` is how CONTRIBUTING.md lists it. In a pattern, `_` is a space or the break of a line, also of a comment's. */
export const stumblingWords = [
  { word: 'tell', pattern: String.raw`\b(?:tells?|told|telling)\b` },
  {
    word: 'is no',
    pattern: String.raw`(?<!\bthere )\b(?:is|are|was|were)_no\b(?!_(?:longer|more|less|better|worse)\b)`,
  },
  { word: 'mend', pattern: String.raw`\bmend(?:s|ed|ing)?\b` },
  { word: 'whoever', pattern: String.raw`\bwhoever\b` },
  { word: 'he', pattern: String.raw`\b(?:he|him|his)\b` },
  { word: 'most ... that', pattern: String.raw`\b[Mm]ost_(?:[a-z]+_){1,4}that\b` },
  { word: 'side by side', pattern: String.raw`\bside_by_side\b` },
  { word: 'ask for', pattern: String.raw`\bask(?:s|ed|ing)?_for\b` },
  { word: 'has no answer', pattern: String.raw`\b(?:has|have|had)_no_answer\b` },
  { word: 'beside', pattern: String.raw`\bbeside\b` },
  {
    word: 'all the same',
    pattern: String.raw`(?<!\b(?:is|are|be|was|were)[ \t])\ball_the_same\b`,
  },
  { word: 'inside of', pattern: String.raw`\binside_of\b` },
  { word: 'for ever', pattern: String.raw`\bfor_ever\b` },
  { word: 'that is none', pattern: String.raw`\bthat_(?:is|are)_none\b` },
].map(({ pattern, ...rest }) => ({
  ...rest,
  pattern: new RegExp(pattern.replaceAll('_', gap), 'gi'),
}));

/** At most five, each with its reason. `text` is what stands there. */
export const exceptions = [
  {
    file: 'src/saved-report/policy-shape.ts',
    text: 'mended:',
    why: 'the value that reports of earlier versions have',
  },
  {
    file: 'test/saved-report/read-report.test.ts',
    text: 'mended',
    why: 'the value that reports of earlier versions have',
  },
];

const read = [
  ...['src', 'rules', 'test', 'lab', 'fuzz', 'bench', 'scripts', 'docs', 'examples'],
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
];
const endings = /\.(?:ts|js|mjs|css|html|md|sh|py|yaml)$/;

/** Files that have the words because they look for them. */
const aboutWords = ['scripts/check-words.mjs', 'test/words.test.ts'];

/** `{ file, line, word }` of each stumbling word in a text. */
export function stumblesIn(text, file) {
  return stumblingWords.flatMap(({ word, pattern }) =>
    [...text.matchAll(pattern)]
      .filter(
        ({ index }) =>
          !exceptions.some((each) => each.file === file && text.startsWith(each.text, index)),
      )
      .map(({ index }) => ({ file, line: text.slice(0, index).split('\n').length, word })),
  );
}

function filesOf(path) {
  const full = join(root, path);
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full, { recursive: true })
    .map((name) => relative(root, join(full, String(name))))
    .filter((name) => endings.test(name) && !aboutWords.includes(name));
}

const textOf = (file) => readFileSync(join(root, file), 'utf8');

/** The rows of the list in CONTRIBUTING.md, and the text around it. */
function wordList(text) {
  const [before = '', table = '', after = ''] = text.split(/<!-- (?:end of )?word list -->/);
  const rows = [...table.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)].slice(1).map(([, word]) => word);
  return { rows, rest: `${before}${'\n'.repeat(table.split('\n').length - 1)}${after}` };
}

/** Words of the glossary that nothing else uses. */
function unusedTerms() {
  const terms = [...textOf('docs/glossary.md').matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)]
    .flatMap(([, words]) => words.split(', '))
    .filter((word) => word !== 'word' && !/^-+$/.test(word));
  const all = ['src', 'docs'].flatMap(filesOf).filter((file) => file !== 'docs/glossary.md');
  const text = all.map(textOf).join('\n').toLowerCase();
  return terms.filter((term) => !text.includes(term.replace(/^to /, '').toLowerCase()));
}

function complaints() {
  const list = wordList(textOf('CONTRIBUTING.md'));
  const stumbles = read
    .flatMap(filesOf)
    .flatMap((file) => stumblesIn(file === 'CONTRIBUTING.md' ? list.rest : textOf(file), file));
  const words = stumblingWords.map(({ word }) => word);
  return [
    ...stumbles.map(
      ({ file, line, word }) => `${file}:${line}: "${word}": see the words in CONTRIBUTING.md`,
    ),
    ...words
      .filter((word) => !list.rows.includes(word))
      .map((word) => `CONTRIBUTING.md does not list "${word}"`),
    ...list.rows
      .filter((word) => !words.includes(word))
      .map((word) => `"${word}" of CONTRIBUTING.md is not checked`),
    ...unusedTerms().map((term) => `nothing uses "${term}" of docs/glossary.md`),
    ...(exceptions.length > 5 ? [`${exceptions.length} exceptions, expected at most 5`] : []),
    ...exceptions
      .filter(({ file, text }) => !textOf(file).includes(text))
      .map(({ file, text }) => `${file} does not have the exception "${text}" any more`),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = complaints();
  for (const line of found) console.log(line);
  process.exitCode = found.length === 0 ? 0 : 1;
}
