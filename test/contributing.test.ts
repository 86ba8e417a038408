import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { repositoryRoot } from './support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-contributing-'));
after(() => rmSync(folder, { recursive: true }));

test('the rule in CONTRIBUTING.md compiles as a file of rules/', () => {
  const text = readFileSync(join(repositoryRoot, 'CONTRIBUTING.md'), 'utf8');
  const [, block] = text.match(/^ *```ts\n([\s\S]*?)^ *```$/m) ?? [];
  assert.ok(block, 'there is a block of TypeScript');
  assert.equal(complaints(block), '');
});

/** What the compiler says of it with the project's own options, held against the compiled declarations. */
function complaints(source: string): string {
  const contract = join(repositoryRoot, 'dist', 'src', 'judge', 'rule.js');
  const file = join(folder, 'example.ts');
  writeFileSync(file, source.replace("'../../src/judge/rule.ts'", JSON.stringify(contract)));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const options = {
    extends: join(repositoryRoot, 'tsconfig.json'),
    compilerOptions: { noEmit: true, rootDir: '/', typeRoots: [join(repositoryRoot, types)] },
    include: [],
    files: [file],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  const compiler = join(repositoryRoot, 'node_modules', '.bin', 'tsc');
  const { stdout, stderr } = spawnSync(compiler, ['-p', folder], { encoding: 'utf8' });
  return (stdout + stderr).slice(0, 2000);
}

const types = 'node_modules/@types';
