import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { MalformedElf } from '../../src/base/errors.ts';
import type { Verdict } from '../../src/base/verdict.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { judgesBinaries } from '../../src/judge/rule.ts';
import { repositoryRoot } from '../support/repository.ts';
import { verdictOf } from '../support/verdicts/verdict-of.ts';

const folder = join(repositoryRoot, 'samples/elf');
const samples = readdirSync(folder)
  .filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith('.md'))
  .flatMap((name) => {
    const elf = readable(join(folder, name));
    return elf === null ? [] : [{ name, elf }];
  });

/** null for a sample that is damaged so that nothing can be judged. */
function readable(path: string): Elf | null {
  try {
    return readElf(bytesOf(readFileSync(path)));
  } catch (error) {
    if (!(error instanceof MalformedElf)) throw error;
    return null;
  }
}

/** What a verdict says against itself; null where it agrees with its evidence. */
function contradictionIn({ outcome, message, evidence }: Verdict): string | null {
  const counts = [message, ...evidence.map(({ saw }) => saw)].flatMap((text) => [
    ...text.matchAll(/\b(?<some>\d+) of (?<all>\d+)\b/g),
  ]);
  for (const { 0: text, groups } of counts) {
    const some = Number(groups?.['some']);
    const all = Number(groups?.['all']);
    if (some > all) return `${text} is more than there are`;
    if (outcome === 'pass' && some === 0 && all > 0) return `passes with ${text}`;
  }
  return null;
}

describe('a verdict agrees with its own evidence', () => {
  for (const rule of rules.filter(judgesBinaries)) {
    it(`${rule.id}, on every sample`, () => {
      const contradictions = samples.flatMap(({ name, elf }) => {
        const said = contradictionIn(verdictOf(rule, elf));
        return said === null ? [] : [`${name}: ${said}`];
      });
      assert.deepEqual(contradictions, []);
    });
  }

  it('reads nearly every sample', () => {
    assert.ok(samples.length > 200);
  });

  it('is what the test can find broken', () => {
    const verdict = { outcome: 'pass', message: '0 of 3 functions do', evidence: [] } as const;
    assert.equal(contradictionIn(verdict), 'passes with 0 of 3');
    assert.equal(contradictionIn({ ...verdict, message: '3 of 3 functions do' }), null);
  });
});
