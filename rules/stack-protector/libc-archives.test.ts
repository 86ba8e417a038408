import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { arMembers } from '../../src/archive/ar.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import type { Outcome } from '../../src/base/verdict.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import stackProtector from './rule.ts';

/** Debian's libcs as archives: musl's comes with musl-tools, glibc's with libc6-dev. */
const archives = readdirSync('/usr/lib')
  .filter((name) => /-linux-(gnu|musl)$/.test(name))
  .map((name) => join('/usr/lib', name, 'libc.a'))
  .filter((path) => existsSync(path));

describe('the objects of a libc that was built with -fstack-protector-strong', () => {
  it('are here to be judged', () => {
    assert.ok(archives.some((path) => path.includes('-musl')));
  });

  for (const path of archives) {
    it(`do not fail: ${path}`, async () => {
      const verdicts = await judgeMembers(readFileSync(path));
      assert.deepEqual(namesOf(verdicts, 'fail'), []);
      assert.ok(namesOf(verdicts, 'pass').length > 250);
      assert.ok(namesOf(verdicts, 'unknown').length < verdicts.length / 40);
    });
  }
});

interface MemberVerdict {
  readonly name: string;
  readonly outcome: Outcome;
}

async function judgeMembers(archive: Buffer): Promise<readonly MemberVerdict[]> {
  const verdicts: MemberVerdict[] = [];
  for await (const { name, offset, size } of arMembers(bufferAccess(archive), defaultLimits)) {
    const bytes = archive.subarray(offset, offset + size);
    if (bytes.toString('latin1', 1, 4) !== 'ELF') continue;
    const { outcome } = verdictOf(stackProtector, readElf(bytesOf(bytes)));
    verdicts.push({ name, outcome });
  }
  return verdicts;
}

function namesOf(verdicts: readonly MemberVerdict[], outcome: Outcome): readonly string[] {
  return verdicts.filter((verdict) => verdict.outcome === outcome).map(({ name }) => name);
}
