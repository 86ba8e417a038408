import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ruleIds } from '../rules/ids.ts';
import { commands } from '../src/commands/index.ts';
import { reporters } from '../src/reporters/index.ts';
import { sources } from '../src/sources/index.ts';
import { checkConsole } from './support/documents/check-console.ts';
import { repositoryRoot } from './support/repository.ts';

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
const readme = read('README.md');

const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'examples/README.md'],
  ...readdirSync(join(repositoryRoot, 'docs'), { recursive: true })
    .map((name) => join('docs', String(name)))
    .filter((name) => name.endsWith('.md')),
];

for (const document of documents)
  checkConsole(join(repositoryRoot, document), dirname(document) === 'examples' ? 'examples' : '.');

test('README names every format, source and command', () => {
  for (const name of [
    ...Object.keys(reporters),
    ...Object.keys(sources).map((scheme) => `${scheme}:`),
  ])
    assert.ok(readme.includes(`\`${name}\``), `README.md does not name \`${name}\` in a table`);
  for (const name of Object.keys(commands))
    assert.ok(
      name === 'scan' || name === 'rules' || readme.includes(`hullcheck ${name}`),
      `README.md does not show hullcheck ${name}`,
    );
});

test('the set-up commands of README are scripts of the package', () => {
  const { scripts } = JSON.parse(read('package.json'));
  assert.match(readme, /^npm ci && npm run --silent demo$/m);
  assert.match(readme, /^npm ci && npm test$/m);
  assert.ok(scripts.demo && scripts.test && scripts['test:built']);
  assert.match(read('.ci/run'), /^npm ci && npm test$/m);
  assert.match(readme, /^npm run test:built$/m);
  assert.match(read('.ci/run'), /^npm run test:built$/m);
});

test('README has the number of the rules', () => {
  const count = `[${ruleIds.length} rules](docs/rules.md)`;
  assert.ok(readme.includes(count), `README.md does not have "${count}"`);
});

for (const document of documents) {
  test(`every link of ${document} leads to a file and a heading of it`, () => {
    const links = [...read(document).matchAll(/\]\((?<target>[^)#\s]*)(?:#(?<heading>[^)]*))?\)/g)];
    const missing = links
      .map(({ groups }) => ({ target: groups?.['target'] ?? '', heading: groups?.['heading'] }))
      .filter(({ target }) => !/^https?:/.test(target))
      .filter(({ target, heading }) => !isThere(document, target, heading));
    assert.deepEqual(missing, []);
  });
}

function isThere(document: string, target: string, heading: string | undefined): boolean {
  const path = target === '' ? document : join(dirname(document), target);
  if (!existsSync(join(repositoryRoot, path))) return false;
  return heading === undefined || headingsOf(read(path)).includes(heading);
}

/** As GitHub makes anchors of them. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('docs/README.md leads to every document', () => {
  const index = read('docs/README.md');
  for (const document of documents.filter((name) => /^docs\/[a-z-]+\.md$/.test(name)))
    assert.ok(index.includes(`(${document.slice(5)})`), document);
});
