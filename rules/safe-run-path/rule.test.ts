import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runPathElements } from '../../src/root/linkage/search-path.ts';
import safeRunPath from './rule.ts';

const origin = '$';

const cases: readonly (readonly [runpath: string, outcome: 'unknown' | 'pass'])[] = [
  [`${origin}ORIGIN/../../tmp`, 'unknown'],
  [`${origin}{ORIGIN}/./lib/../../var/tmp/x`, 'unknown'],
  [`${origin}ORIGIN/../lib`, 'pass'],
  [`${origin}ORIGIN/tmp:${origin}ORIGIN/lib/../tmp`, 'pass'],
];

describe('the run path of a file whose place is not known', () => {
  for (const [runpath, outcome] of cases) {
    it(`${runpath}: ${outcome}`, () => {
      const facts = {
        searchPath: runPathElements('DT_RUNPATH', runpath, null, null),
        placement: { where: 'bare-file' },
        linkage: { where: 'bare-file' },
        libc: { name: 'glibc' },
        needed: ['libc.so.6'],
      };
      // The rule reads nothing else of these facts.
      assert.equal(safeRunPath.check(facts as never).outcome, outcome);
    });
  }
});
