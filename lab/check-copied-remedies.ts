// check-copied-remedies [NAME ...]: builds programs of other people badly (sources of Debian, crates, modules of Go), copies the
// command that the text report gives in front of the same build, and demands that nothing of severity medium or above is left and
// that the program still starts. NAME takes those whose name contains it. Needs Debian 12; Go and Rust take part where they
// are installed. Fetches what it builds.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryRoot } from '../test/support/repository.ts';
import { copyCases } from './remedies/copy-cases.ts';
import { followCopied, isRightCopy } from './remedies/follow-copied.ts';
import { foreignCases } from './remedies/foreign-cases.ts';

execFileSync('bash', [join(repositoryRoot, 'scripts/system-packages.sh'), 'remedies'], {
  stdio: 'inherit',
});
process.env['source'] = join(repositoryRoot, 'lab/fetch-source.sh');

const names = process.argv.slice(2);
const chosen = [...copyCases, ...foreignCases].filter(
  ({ name }) => names.length === 0 || names.some((part) => name.includes(part)),
);
const counts = { right: 0, wrong: 0, left: 0 };
for (const given of chosen) {
  const tool = /^crate/.test(given.name) ? 'cargo' : /^Go/.test(given.name) ? 'go' : null;
  if (tool !== null && spawnSync(tool, ['version']).error !== undefined) {
    counts.left += 1;
    console.info(`left out  ${given.name}: ${tool} is not installed`);
    continue;
  }
  try {
    const copied = await followCopied(given);
    const isRight = isRightCopy(given, copied);
    counts[isRight ? 'right' : 'wrong'] += 1;
    console.info(
      `${isRight ? 'right' : 'WRONG'}  ${given.name}: ${copied.before.length} to ${copied.after.length}`,
    );
    if (!isRight) console.info(JSON.stringify(copied, null, 2));
  } catch (error) {
    counts.wrong += 1;
    console.info(
      `WRONG  ${given.name}: ${error instanceof Error ? error.message.slice(-2000) : error}`,
    );
  }
}
console.info(
  `${counts.right} right, ${counts.wrong} wrong, ${counts.left} could not be built here`,
);
if (counts.wrong > 0 || counts.right === 0) process.exitCode = 1;
