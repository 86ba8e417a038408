import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../src/commands/index.ts';
import { reporters } from '../src/reporters/index.ts';
import { sources } from '../src/sources/index.ts';
import { program } from './support/program.ts';
import { repositoryRoot } from './support/repository.ts';

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
const readme = read('README.md');

/** `$ hullcheck ...` and what it prints; a line `...` stands for any lines. */
const examples = [...readme.matchAll(/```console\n\$ hullcheck (?<argv>.*)\n(?<output>[^`]*)```/g)];

test('README shows what hullcheck prints', () => {
  assert.ok(examples.length > 0);
  for (const { groups } of examples) {
    const { argv = '', output = '' } = groups ?? {};
    const { stdout } = spawnSync(process.execPath, [program, ...argv.split(' ')], {
      cwd: repositoryRoot,
      encoding: 'utf8',
      env: {},
    });
    let rest = stdout;
    for (const [index, part] of output.split(/^\.\.\.\n/m).entries()) {
      const at = rest.indexOf(part);
      assert.ok(
        index === 0 ? at === 0 : at >= 0,
        `hullcheck ${argv} does not print\n${part}\nbut\n${stdout}`,
      );
      rest = rest.slice(at + part.length);
    }
    assert.equal(rest, '', `hullcheck ${argv} prints more`);
  }
});

test('README names every format, source and command', () => {
  for (const name of [
    ...Object.keys(reporters),
    ...Object.keys(sources).map((scheme) => `${scheme}:`),
  ])
    assert.ok(readme.includes(`\`${name}\``), name);
  for (const name of Object.keys(commands))
    assert.ok(name === 'scan' || name === 'rules' || readme.includes(`hullcheck ${name}`), name);
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

for (const document of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/architecture.md']) {
  test(`every link of ${document} leads to a file`, () => {
    const links = [...read(document).matchAll(/\]\((?<target>[^)#]+)(?:#[^)]*)?\)/g)].map(
      (match) => match.groups?.['target'] ?? '',
    );
    const missing = links.filter(
      (link) =>
        !/^https?:/.test(link) && !existsSync(join(repositoryRoot, dirname(document), link)),
    );
    assert.deepEqual(missing, []);
  });
}
