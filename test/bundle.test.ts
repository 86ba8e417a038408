import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from './support/repository.ts';

const folder = join(repositoryRoot, 'dist/bundle');
const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');

/** Prints every file of the program that a process loads. */
const printing = `export async function load(url, context, next) {
  if (url.startsWith('file:')) process._rawDebug('loads ' + url);
  return next(url, context);
}`;
const dataOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const teller = dataOf(
  `import { register } from 'node:module'; register(${JSON.stringify(dataOf(printing))});`,
);

/** Names without the digest of their content. */
const nameOf = (file: string) => file.replace(/^.*\//, '').replace(/-[\w-]{8}\.js$/, '');

function loadedBy(...words: readonly string[]): readonly string[] {
  const program = ['--import', teller, join(folder, 'cli.js'), ...words];
  const { stderr, error } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  assert.equal(error, undefined);
  return [...stderr.matchAll(/^loads (\S+)/gm)].map(([, url = '']) => nameOf(url));
}

/** What is loaded with a file, whatever runs. */
function loadedWith(entry: string): readonly string[] {
  const found = new Set([entry]);
  for (const file of found) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) found.add(name);
  }
  return [...found].map(nameOf).sort();
}

const table: readonly {
  readonly name: string;
  readonly loaded: () => readonly string[];
  readonly want: readonly string[];
  readonly never: readonly string[];
}[] = [
  {
    name: 'the version is printed without the start of a scan',
    loaded: () => loadedBy('--version'),
    want: ['core'],
    never: ['basics', 'start', 'scan'],
  },
  {
    name: 'help loads nothing that only a scan needs',
    loaded: () => loadedBy('--help'),
    want: ['start'],
    never: ['extraction', 'layers', 'scan'],
  },
  {
    name: 'a scan of one file loads one report, and no yargs, YAML, decoder, thread or registry',
    loaded: () => loadedBy(sample, '--no-cache', '--output', 'json'),
    want: ['start', 'scan', 'extraction', 'rules', 'judgement', 'json'],
    never: [
      'text',
      'html',
      'sarif',
      'document',
      'yargs',
      'read-report',
      'registry',
      'unzstd',
      'baseline-update',
    ],
  },
  {
    name: 'a thread that extracts facts loads nothing of the start, the rules and the judging',
    loaded: () => loadedWith('extraction-worker.js'),
    want: ['extraction', 'basics', 'core'],
    never: ['shared', 'start', 'rules', 'judgement', 'scan', 'layers'],
  },
  {
    name: 'a thread that walks a layer loads nothing of the start, the extraction and the judging',
    loaded: () => loadedWith('layer-worker.js'),
    want: ['layers', 'shared', 'core'],
    never: ['start', 'extraction', 'rules', 'judgement', 'scan'],
  },
];

for (const { name, loaded, want, never } of table)
  test(name, () => {
    const names = loaded();
    assert.deepEqual(
      want.filter((each) => !names.includes(each)),
      [],
      'these are loaded',
    );
    assert.deepEqual(
      never.filter((each) => names.includes(each)),
      [],
      'these are not',
    );
  });

test('no file of the program has characters that double its memory', () => {
  const wide = readdirSync(folder).filter(
    (file) => file.endsWith('.js') && /[^\0-\x7f]/.test(readFileSync(join(folder, file), 'utf8')),
  );
  assert.deepEqual(wide, []);
});
