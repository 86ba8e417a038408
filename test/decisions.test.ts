import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from './support/repository.ts';

const folder = join(repositoryRoot, 'docs/decisions');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const files = readdirSync(folder).filter((name) => /^\d{4}-/.test(name));
const index = read('README.md');
const headingsOf = (text: string) => [...text.matchAll(/^## (.*)$/gm)].map(([, name]) => name);
/** In this order. */
const sections = headingsOf(read('template.md'));
const optional = ['Alternatives', 'Evidence'];

for (const name of files) {
  const text = read(name);
  const [, number, title] =
    /^# (\d+)\. (.+)\n\nStatus: (?:accepted|replaced by \d+)\n/.exec(text) ?? [];

  test(`decision ${name} has the form of the template`, () => {
    assert.equal(Number(number), Number(name.slice(0, 4)));
    const has = headingsOf(text);
    const want = sections.filter(
      (section = '') => !optional.includes(section) || has.includes(section),
    );
    assert.deepEqual(has, want);
  });

  test(`decision ${name} is in the index by its title`, () => {
    assert.ok(index.includes(`| [${number}](${name}) | ${title} |\n`));
  });
}

test('every gap in the numbers of decisions is named in the index', () => {
  const numbers = files.map((name) => Number(name.slice(0, 4)));
  const [, named = ''] = /^Numbers ([^a-z]*(?:and \d+)?) have no file/m.exec(index) ?? [];
  const gaps = Array.from({ length: Math.max(...numbers) }, (_, at) => at + 1).filter(
    (number) => !numbers.includes(number),
  );
  assert.deepEqual(named.match(/\d+/g)?.map(Number), gaps);
});
