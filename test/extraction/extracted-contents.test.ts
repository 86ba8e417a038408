import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { OtherAlgorithm } from '../../src/base/package-managers.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { ExtractedContents } from '../../src/extraction/extracted-contents.ts';
import type { OtherDigests } from '../../src/extraction/extraction.ts';
import { bytesOfElf, contentOf } from '../support/elf/elf-content.ts';

/** Files with the same first 4 KiB, and the last byte of each. */
const fileOf = (last: number) => Buffer.concat([Buffer.alloc(5000, 7), Buffer.of(last)]);

/** Extracts, one file after the other or all in parallel, and gives the files that were really looked at. */
async function lookedAt(lasts: readonly number[], sideBySide: boolean): Promise<number[]> {
  const seen = new ExtractedContents();
  const looked: number[] = [];
  const one = (last: number) =>
    seen.extract(contentOf(fileOf(last)), async (elf, known) => {
      const extraction = extract(bytesOfElf(elf), new Set());
      if (known.some(({ sha256 }) => sha256 === extraction.sha256))
        return { known: { sha256: extraction.sha256, others: {} } };
      looked.push(last);
      return extraction;
    });
  const found = [];
  if (sideBySide) found.push(...(await Promise.all(lasts.map(one))));
  else for (const last of lasts) found.push(await one(last));
  found.forEach(({ sha256 }, index) => {
    assert.equal(sha256, extract(fileOf(lasts[index] ?? 0), new Set()).sha256);
  });
  return looked;
}

describe('equal files', () => {
  it('are extracted once, one after the other', async () => {
    assert.deepEqual(await lookedAt([1, 2, 1, 2, 3, 1], false), [1, 2, 3]);
  });

  it('are extracted once, also while the first is on its way', async () => {
    assert.deepEqual(await lookedAt([1, 1, 1, 1], true), [1]);
  });

  it('have all digests that any of them requires', async () => {
    const seen = new ExtractedContents();
    const asked = (others: OtherDigests) =>
      seen.extract(contentOf(fileOf(1)), async (elf, known) => {
        const extraction = extract(bytesOfElf(elf), new Set());
        const { sha256 } = extraction;
        return known.some((each) => each.sha256 === sha256)
          ? { known: { sha256, others } }
          : { ...extraction, others };
      });
    const found = await Promise.all([asked({}), asked({ md5: '1' }), asked({ sha1: '2' })]);
    const last = await asked({});
    assert.deepEqual(last.others, { md5: '1', sha1: '2' });
    assert.ok(found.every(({ facts }) => facts === last.facts));
  });

  it('are not read again when they are one file, unless it was changed or other digests are requested', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'extracted-contents-test-'));
    const path = join(folder, 'file');
    const seen = new ExtractedContents();
    let read = 0;
    const look = async (digests: readonly OtherAlgorithm[] = []) => {
      const descriptor = openSync(path, 'r');
      const bytes = readFileSync(descriptor);
      const place = { kind: 'file', descriptor, offset: 0, length: bytes.length, digests } as const;
      const { sha256 } = await seen.extract({ place, look: 'alike' }, async (_, known) => {
        read += 1;
        const extraction = { ...extract(bytes, new Set()), others: {} };
        const isKnown = known.some((each) => each.sha256 === extraction.sha256);
        return isKnown ? { known: { sha256: extraction.sha256, others: {} } } : extraction;
      });
      closeSync(descriptor);
      return sha256;
    };
    try {
      writeFileSync(path, fileOf(1));
      const kept = [await look(), await look()];
      assert.equal(kept[0], kept[1]);
      assert.equal(read, 1);
      await look(['md5']);
      assert.equal(read, 2);
      writeFileSync(path, Buffer.concat([fileOf(1), Buffer.of(1)]));
      assert.notEqual(await look(), kept[0]);
      assert.equal(read, 3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are tried again when the first was lost', async () => {
    const seen = new ExtractedContents();
    const lost = () => Promise.reject(new Error('lost'));
    await assert.rejects(() => seen.extract(contentOf(fileOf(1)), lost), /^Error: lost$/);
    const again = await seen.extract(contentOf(fileOf(1)), async (elf) =>
      extract(bytesOfElf(elf), new Set()),
    );
    assert.equal(again.size, 5001);
  });
});
