import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/repository.ts';

/** From the repository on. */
const files = ['scripts', 'lab', 'test', 'samples/elf/recipes'].flatMap((folder) =>
  readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  ),
);
const isThere = (path: string) => existsSync(join(repositoryRoot, path));

/** Files next to a shell script, as it names them; what lies in .cache is made when it runs. */
function namedByShell(file: string): readonly string[] {
  const text = readFileSync(join(repositoryRoot, file), 'utf8');
  const named = text.matchAll(/(\$here|\$tools|\$\(dirname "\$0"\))"?\/([\w./-]*[\w-])/g);
  return [...named].map(([, place, name = '']) =>
    place === '$tools' ? join('scripts', name) : join(placeOf(file, name), name),
  );
}

/** A part that another script reads has that script's place. */
function placeOf(file: string, name: string): string {
  const own = dirname(file);
  return isThere(join(own, name)) ? own : (own.split('/')[0] ?? own);
}

test('every file that a shell script names by its own place is there', () => {
  const named = files.filter((name) => name.endsWith('.sh')).flatMap(namedByShell);
  assert.ok(named.length > 60, `${named.length} are named`);
  const missing = named.filter((path) => !/^(\.cache|dist)\//.test(path) && !isThere(path));
  assert.deepEqual(missing, []);
});

test('every script that TypeScript names from the repository on is there', () => {
  const named = files
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...readFileSync(join(repositoryRoot, name), 'utf8').matchAll(
        /repositoryRoot, '((?:scripts|lab)\/[^'$]+)'/g,
      ),
    ])
    .map(([, path = '']) => path);
  assert.ok(named.length > 5, `${named.length} are named`);
  assert.deepEqual(
    named.filter((path) => !isThere(path)),
    [],
  );
});

test('every script that a shell script starts by its name alone is executable', () => {
  const started = files
    .filter((name) => name.endsWith('.sh'))
    .flatMap((file) => [
      ...readFileSync(join(repositoryRoot, file), 'utf8').matchAll(
        /(?:^|\$\(|\bdo |\bthen |\) )\s*"\$here\/([\w./-]+\.sh)"/gm,
      ),
    ])
    .map(([, name = '']) => ['lab', 'scripts'].map((folder) => join(folder, name)).find(isThere));
  assert.ok(started.length > 5, `${started.length} are started`);
  const others = started.filter(
    (path = '') => (statSync(join(repositoryRoot, path)).mode & 0o111) === 0,
  );
  assert.deepEqual(others, []);
});
