// Runs the checks and every compiled test, prints what failed, and ends with one line that counts them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { removeScratch } from './test-environment.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const counts = { passed: 0, failed: 0, skipped: 0 };

const checks = {
  'the code is formatted and has no lint': ['node_modules/.bin/biome', 'check', '.'],
  'the registries are current': ['node', 'scripts/generate-registries.mjs', '--check'],
  'the words are those of CONTRIBUTING.md': ['node', 'scripts/check-words.mjs'],
  'the types of the scripts of pages are right': ['npm', 'run', '-s', 'typecheck:page'],
  'generated documents are current': ['node', 'dist/scripts/generate-docs.js', '--check'],
};
for (const [name, [program, ...words]] of Object.entries(checks)) {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
  if (status === 0) counts.passed += 1;
  else fail(name, `${stdout}${stderr}`);
}

// By their sources: what is compiled and has none any more is not run.
const files = ['rules', 'test']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
  )
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join(root, 'dist', name.replace(/ts$/, 'js')))
  .sort();

const stream = run({ files, concurrency: availableParallelism() });
stream.on('test:pass', ({ name, skip, todo, details }) => {
  if (details.type === 'suite') return;
  if (skip === undefined && todo === undefined) counts.passed += 1;
  else {
    counts.skipped += 1;
    console.log(`skipped: ${name}${typeof skip === 'string' ? ` (${skip})` : ''}`);
  }
});
stream.on('test:fail', ({ name, file, details }) => {
  if (details.type !== 'suite')
    fail(`${name}\n  ${file}`, inspect(details.error.cause ?? details.error));
});
stream.on('end', () => {
  removeScratch();
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});
stream.resume();

function fail(name, why) {
  counts.failed += 1;
  console.log(`FAILED: ${name}\n  ${why.trim().replaceAll('\n', '\n  ')}\n`);
}
