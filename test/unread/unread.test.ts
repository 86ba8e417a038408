import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { elfSampleNames, readElfSample } from '../../fuzz/samples.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { unreadFormats, unreadIn } from '../../src/unread/unread.ts';
import { repositoryRoot } from '../support/repository.ts';
import { seed, seedNames, unreadSamples } from './unread-samples.ts';

describe('a format that is not read is recognised by its marks, and by a second sign', () => {
  for (const { file, bytes, name } of unreadSamples)
    it(file, async () => {
      assert.equal((await unreadIn(bufferAccess(bytes)))?.name, name);
    });
});

it('each seed has a format, or says why it has none', () => {
  const known = new Set(unreadSamples.map(({ file }) => file));
  const others = seedNames.filter((name) => !known.has(name));
  // The description of a board holds no programs, and cpios of this format are read.
  assert.deepEqual(others, ['device-tree', 'odc']);
});

describe('what only begins like one of them is none', () => {
  const cases = [
    { name: 'the device tree of a board', bytes: seed('device-tree') },
    { name: 'a uImage whose header has another checksum', bytes: changed('uimage', 4) },
    { name: 'a JFFS2 node whose header has another checksum', bytes: changed('jffs2', 8) },
    { name: 'a UBI header with another checksum', bytes: changed('ubi', 60) },
    { name: 'a UBIFS node with another checksum', bytes: changed('ubifs', 4) },
    { name: 'a text that begins with XFSB', bytes: Buffer.from('XFSB is a magic number\n') },
    { name: 'a text that begins with NTFS', bytes: Buffer.from('on NTFS     and FAT\n') },
    { name: 'a text with the name of a method of LHA', bytes: Buffer.from('a -lh5- method, that') },
    { name: 'four bytes of a length', bytes: Buffer.from('\x04\0\0\0\x01\0\0\0', 'latin1') },
    { name: 'a byte and its complement', bytes: Buffer.from('\x60\xea'.padEnd(80), 'latin1') },
    { name: 'nothing', bytes: Buffer.alloc(0) },
    { name: 'zeros', bytes: Buffer.alloc(0x12000) },
    { name: 'all ones', bytes: Buffer.alloc(0x12000, 0xff) },
  ];
  for (const { name, bytes } of cases)
    it(name, async () => assert.equal(await unreadIn(bufferAccess(bytes)), null));
  it('each ELF sample', async () => {
    for (const name of elfSampleNames())
      assert.equal(await unreadIn(bufferAccess(readElfSample(name))), null);
  });
});

function changed(name: string, at: number): Buffer {
  const bytes = seed(name);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

it('a sample that is cut anywhere is one of them or none, and nothing else happens', async () => {
  for (const { bytes, name } of unreadSamples) {
    for (const size of [0, 1, 2, 7, 8, 20, 63, 64, 100, 511, 512, 1030, 4100, 0x10041]) {
      const found = await unreadIn(bufferAccess(bytes.subarray(0, size)));
      assert.ok(found === null || found.name === name);
      assert.ok(found === null || found.size <= size);
    }
  }
});

it('no two formats have one mark', () => {
  const marks = unreadFormats.flatMap(({ marks: own }) =>
    own.map(({ at, magic }) => `${at} ${magic.toString('hex')}`),
  );
  assert.equal(new Set(marks).size, marks.length);
});

it('the documentation names each format', () => {
  const text = readFileSync(join(repositoryRoot, 'docs/sources.md'), 'utf8').replace(/\s+/g, ' ');
  for (const { name } of unreadFormats) assert.ok(text.includes(name), `${name} is documented`);
});
