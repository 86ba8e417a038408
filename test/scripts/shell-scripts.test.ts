import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { repositoryRoot } from '../support/repository.ts';

const recipes = 'samples/elf/recipes';
const contentOf = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');

function scriptsIn(folder: string): string[] {
  const names = readdirSync(join(repositoryRoot, folder)).filter((name) => name.endsWith('.sh'));
  return names.map((name) => join(folder, name));
}

describe('a shell script that names its shell can be executed', () => {
  for (const script of ['scripts', 'lab'].flatMap(scriptsIn)) {
    if (!contentOf(script).startsWith('#!')) continue;
    it(script, () => {
      const { mode } = statSync(join(repositoryRoot, script));
      assert.notEqual(mode & 0o100, 0);
    });
  }
});

describe('the tools of recipes lie where build-samples.sh says', () => {
  const [, tools = ''] = /^tools=(\S+)/m.exec(contentOf('scripts/build-samples.sh')) ?? [];
  for (const recipe of scriptsIn(recipes)) {
    it(recipe, () => {
      const named = [...contentOf(recipe).matchAll(/\$tools\/([\w.-]+\w)/g)];
      const places = named.map(([, name = '']) => join('samples/elf/sources', tools, name));
      const gone = places.filter((each) => !existsSync(join(repositoryRoot, each)));
      assert.deepEqual(gone, []);
    });
  }
});
