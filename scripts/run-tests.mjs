// Runs every compiled test, prints what failed, and ends with one line that counts them.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'test');
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => join(folder, name))
  .sort();

const counts = { passed: 0, failed: 0, skipped: 0 };
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
  if (details.type === 'suite') return;
  counts.failed += 1;
  console.log(
    `FAILED: ${name}\n  ${file}\n  ${inspect(details.error.cause ?? details.error).replaceAll('\n', '\n  ')}\n`,
  );
});
stream.on('end', () => {
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});
stream.resume();
