import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LimitExceeded, MalformedElf } from '../../src/base/errors.ts';
import { isZstdMissed, prepareZstd } from '../../src/base/unzstd-now.ts';
import { SHF } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { debugSection } from '../../src/facts/dwarf/dwarf-reader.ts';
import { repositoryRoot } from '../support/repository.ts';

const packed = readFileSync(join(repositoryRoot, 'fuzz/seeds/license.zst'));
const content = readFileSync(join(repositoryRoot, 'LICENSE'));

/** A file with one section, behind the header that ELF gives packed ones. */
function withSection(method: number, size: number, bytes: Buffer): Elf {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(method, 0);
  header.writeBigUInt64LE(BigInt(size), 8);
  const section = { name: '.debug_info', flags: SHF.COMPRESSED };
  return {
    header: { bits: 64, byteOrder: 'little' },
    sections: [section],
    sectionBytes: () => Buffer.concat([header, bytes]),
  } as unknown as Elf;
}

const read = (elf: Elf) => debugSection(elf, '.debug_info');

test('sections that zstd packed', async (t) => {
  const elf = withSection(2, content.length, packed);
  await t.test(
    'are not read before the decoder was started, and it is known that one was there',
    () => {
      assert.throws(() => read(elf), LimitExceeded);
      assert.equal(isZstdMissed(), true);
    },
  );
  await prepareZstd();
  assert.equal(isZstdMissed(), false);
  await t.test('are read then', () => assert.deepEqual(read(elf), content));
  await t.test('are damaged where the size is another one, or the frame is cut or changed', () => {
    const changed = Buffer.from(packed);
    changed.fill(0xff, 20, 60);
    for (const each of [
      withSection(2, content.length - 1, packed),
      withSection(2, content.length + 1, packed),
      withSection(2, content.length, packed.subarray(0, packed.length - 5)),
      withSection(2, content.length, changed),
      withSection(2, content.length, Buffer.alloc(0)),
    ])
      assert.throws(() => read(each), MalformedElf);
    assert.deepEqual(read(elf), content);
  });
  await t.test('may be empty', () =>
    assert.equal(read(withSection(2, 0, Buffer.alloc(0))).length, 0),
  );
  await t.test('are refused where they say that they are large', () => {
    assert.throws(() => read(withSection(2, 2 ** 40, packed)), LimitExceeded);
  });
  await t.test('of other methods are not read', () => {
    assert.throws(() => read(withSection(3, content.length, packed)), LimitExceeded);
  });
});
