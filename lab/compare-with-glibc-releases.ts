// Developer's script: the cases of glibc's loader with the glibc of Debian 11, 12 and 13, which it fetches. Needs Linux on
// x86-64, gcc, lld, apt-get with a mirror of Debian, and root.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../test/support/repository.ts';
import { compareStart, obstacle } from './compare-with-starting.ts';
import { glibcFileCases } from './starting/glibc-file-cases.ts';
import { glibcPlaceCases } from './starting/glibc-place-cases.ts';
import type { StartingCase } from './starting/starting-case.ts';
import type { DebianSuite } from './starting/workshop.ts';

const suites: readonly DebianSuite[] = ['bullseye', 'bookworm', 'trixie'];

export function glibcReleaseCases(suite: DebianSuite): readonly StartingCase[] {
  return [...glibcFileCases(suite), ...glibcPlaceCases(suite)];
}

async function main(): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const only = process.argv[2] ?? '';
  const counts = { agree: 0, differ: 0, left: 0 };
  for (const suite of suites) {
    execFileSync(join(repositoryRoot, 'lab/fetch-glibc.sh'), [suite], { stdio: 'pipe' });
    for (const starting of glibcReleaseCases(suite)) {
      if (!starting.name.includes(only)) continue;
      if (obstacle(starting, isRoot) !== null) {
        counts.left += 1;
        continue;
      }
      const { predicted, real } = await compareStart(starting, isRoot);
      const agrees = predicted.fate === real.fate && real.fate === starting.ends;
      counts[agrees ? 'agree' : 'differ'] += 1;
      console.info(`${agrees ? 'agrees  ' : 'DIFFERS '}  ${suite}: ${starting.name}`);
      if (agrees) continue;
      console.info(`    made so that it ${starting.ends}; it ${real.fate}: ${real.said}`);
      console.info(`    predicted: ${predicted.fate}: ${predicted.message}`);
    }
  }
  console.info(`${counts.agree} agree, ${counts.differ} differ, ${counts.left} left out`);
  process.exitCode = counts.differ === 0 ? 0 : 1;
}

if (import.meta.filename === process.argv[1]) await main();
