import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../support/repository.ts';

interface Build {
  compile(how: { checks: boolean; project: string; say: 'ignore' }): boolean;
}

const script = join(repositoryRoot, 'scripts/build/compile.mjs');
const { compile }: Build = await import(pathToFileURL(script).href);

const project = mkdtempSync(join(tmpdir(), 'hullcheck-compile-'));
after(() => rmSync(project, { recursive: true }));

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
};
const isThere = (name: string) => existsSync(join(project, 'dist', name));
const compiles = (checks: boolean) => compile({ checks, project, say: 'ignore' });

const compilerOptions = { outDir: 'dist', rootDir: '.', target: 'es2023', types: [] };
write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src', 'test'] }));
write('src/kept.ts', 'export const kept: number = 1;');
write('test/old.test.ts', 'export const old = true;');

test('what is compiled goes with its source, and comes back when it is lost', () => {
  assert.ok(compiles(true));
  write('dist/bench/left.js', '');
  assert.ok(isThere('test/old.test.js'));
  rmSync(join(project, 'test/old.test.ts'));
  rmSync(join(project, 'dist/src/kept.js'));
  assert.ok(compiles(true));
  assert.deepEqual(['test/old.test.js', 'bench/left.js', 'src/kept.js'].map(isThere), [
    false,
    false,
    true,
  ]);
});

test('a wrong type that the quick way lets through is found by the whole one', () => {
  write('src/kept.ts', "export const kept: number = 'one';");
  assert.deepEqual([compiles(false), compiles(true)], [true, false]);
});
