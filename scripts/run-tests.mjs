// Runs the checks and every compiled test, prints what failed, and ends with one line that counts them.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

// Some tests make roots that other users must be able to enter.
process.umask(0o022);

// One folder for what all tests leave behind, open to everybody as /tmp is.
const scratch = mkdtempSync(join(tmpdir(), 'hullcheck-tests-'));
chmodSync(scratch, 0o1777);
process.env.TMPDIR = scratch;

// Programs that tests compare with read names by it.
process.env.LC_ALL = 'C.UTF-8';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const counts = { passed: 0, failed: 0, skipped: 0 };

const checks = {
  'the code is formatted and has no lint': ['node_modules/.bin/biome', 'check', '.'],
  'the registries are current': ['node', 'scripts/generate-registries.mjs', '--check'],
  'generated documents are current': ['node', 'dist/scripts/generate-docs.js', '--check'],
};
for (const [name, [program, ...words]] of Object.entries(checks)) {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
  if (status === 0) counts.passed += 1;
  else fail(name, `${stdout}${stderr}`);
}

const folder = join(root, 'dist', 'test');
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => join(folder, name))
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
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});
stream.resume();

function fail(name, why) {
  counts.failed += 1;
  console.log(`FAILED: ${name}\n  ${why.trim().replaceAll('\n', '\n  ')}\n`);
}
