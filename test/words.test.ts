import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './support/repository.ts';

const script = join(repositoryRoot, 'scripts/check-words.mjs');

interface Words {
  readonly stumblingWords: readonly { readonly word: string }[];
  readonly exceptions: readonly { readonly why: string }[];
  stumblesIn(
    text: string,
    file: string,
  ): readonly { readonly line: number; readonly word: string }[];
}

const { stumblingWords, exceptions, stumblesIn }: Words = await import(pathToFileURL(script).href);

const table: readonly { readonly text: string; readonly want: readonly string[] }[] = [
  { text: 'The header tells its size.', want: ['tell'] },
  { text: 'Once told, it is told no more.', want: ['tell', 'tell'] },
  { text: 'intelligent, untold, tellFile', want: [] },
  { text: 'It is no file.', want: ['is no'] },
  { text: 'They are\n * no files.', want: ['is no'] },
  { text: '// It is\n  // no file.', want: ['is no'] },
  { text: 'There is no file, and it is no longer read.', want: [] },
  { text: 'Mend it, whoever reads it.', want: ['mend', 'whoever'] },
  { text: 'recommend, whatever', want: [] },
  { text: 'what a bug lets him write at a place that he knows', want: ['he', 'he'] },
  { text: 'the, this, her', want: [] },
  { text: 'Most bytes of a path that are read', want: ['most ... that'] },
  { text: 'the most severe comes first', want: [] },
  { text: 'worked on side\n * by side', want: ['side by side'] },
  { text: 'It asked for a loader.', want: ['ask for'] },
  { text: 'a task for threads', want: [] },
  { text: 'the gate has no answer', want: ['has no answer'] },
  { text: 'a file beside it', want: ['beside'] },
  { text: 'besides, it has a besideness', want: [] },
  { text: 'It is read all the same.', want: ['all the same'] },
  { text: 'bits that are all the same', want: [] },
  { text: 'a quote inside of a word', want: ['inside of'] },
  { text: 'It waits for ever, for every one.', want: ['for ever'] },
  { text: 'a number that is none', want: ['that is none'] },
];

for (const { text, want } of table) {
  test(`${JSON.stringify(text)} has ${want.length} words that stumble`, () => {
    const found = stumblesIn(text, 'x.ts').map(({ word }) => word);
    assert.deepEqual(found.toSorted(), want.toSorted());
  });
}

test('a word is named with its line', () => {
  assert.deepEqual(stumblesIn('one\ntwo\nthree tells', 'x.ts'), [
    { file: 'x.ts', line: 3, word: 'tell' },
  ]);
});

test('every word that stumbles has a case here', () => {
  const covered = new Set(table.flatMap(({ want }) => want));
  assert.deepEqual(
    stumblingWords.map(({ word }) => word).filter((word) => !covered.has(word)),
    [],
  );
});

test('at most five places are exempted, each with its reason', () => {
  assert.ok(exceptions.length <= 5);
  for (const { why } of exceptions) assert.match(why, /\w+ \w+/);
});

test('the text of the project has none of them', () => {
  const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('no text has the marks of an unfinished merge', () => {
  const { stdout } = spawnSync(
    'git',
    ['grep', '-nE', '^(<{7}|>{7}) ', '--', '*.md', '*.ts', '*.mjs', '*.sh', '*.yaml', '*.json'],
    { cwd: repositoryRoot, encoding: 'utf8' },
  );
  assert.equal(stdout, '');
});
