import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { zipEntries } from '../../src/archive/zip/zip.ts';
import { defaultLimits, type Limits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { xzOf, zstdOf } from '../sources/image-builder.ts';
import { zipOf } from '../support/archives/archive-builder.ts';
import { resultOf } from '../support/archives/walks.ts';
import { mutationsOf } from '../support/mutations.ts';

async function read(bytes: Buffer, limits: Limits = defaultLimits): Promise<readonly string[]> {
  const refused: string[] = [];
  const refuse = (name: string, why: string) => void refused.push(`?${name}: ${why}`);
  const { entries, error } = await resultOf(zipEntries(bufferAccess(bytes), limits, refuse));
  const seen = entries.map(
    ({ path, type, mode, content, linkTarget }) =>
      `${type} ${path} ${mode.toString(8)} ${linkTarget}${content}`,
  );
  return [...seen, ...refused, ...(error === null ? [] : [`!${error}`])];
}

const members = [
  { name: 'bin/', mode: 0o40755, method: 0 },
  { name: 'bin/a', body: 'deflated' },
  { name: 'bin/b', body: 'stored', method: 0, mode: null },
  { name: 'bin/c', body: 'a', mode: 0o120777 },
];
const want = [
  'directory bin/ 755 ',
  'file bin/a 755 deflated',
  'file bin/b 644 stored',
  'symlink bin/c 777 a',
];
const whole = zipOf(members);
const text = Buffer.from('some text');
const damaged = (says: string) => [`!MalformedInput: ${says}`];

/** Says that a comment of so many bytes follows. */
function commented(bytes: Buffer, size: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16LE(size, copy.length - 2);
  return copy;
}

/** As `zip -A` makes it: the offsets are those in the file. */
function counted(front: Buffer, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const directory = copy.readUInt32LE(copy.length - 6);
  for (let at = copy.indexOf('PK\x01\x02'); at >= 0; at = copy.indexOf('PK\x01\x02', at + 1))
    copy.writeUInt32LE(copy.readUInt32LE(at + 42) + front.length, at + 42);
  copy.writeUInt32LE(directory + front.length, copy.length - 6);
  return Buffer.concat([front, copy]);
}

const archives = [
  { name: 'one of nothing', bytes: zipOf([]), want: [] },
  { name: 'deflated and stored entries', bytes: whole, want },
  {
    name: 'one behind other bytes, as in a self-extracting program',
    bytes: Buffer.concat([Buffer.alloc(999, 7), whole]),
    want,
  },
  {
    name: 'zip64',
    bytes: zipOf(
      members.map((member) => ({ ...member, wide: true })),
      true,
    ),
    want,
  },
  {
    name: 'bzip2, zstd and xz',
    bytes: zipOf([
      { name: 'b', body: text, method: 12, stored: execFileSync('bzip2', { input: text }) },
      { name: 'z', body: text, method: 93, stored: zstdOf(text) },
      { name: 'x', body: text, method: 95, stored: xzOf(text) },
    ]),
    want: ['file b 755 some text', 'file z 755 some text', 'file x 755 some text'],
  },
  {
    name: 'what cannot be read, next to what can',
    bytes: zipOf([
      { name: 'secret', flags: 1 },
      { name: 'old', method: 6 },
      { name: 'good', body: 'x' },
    ]),
    want: [
      'file good 755 x',
      '?secret: it is encrypted',
      '?old: it is compressed by method 6, expected 0 (none), 8 (deflate), 12 (bzip2), 93 (zstd) or 95 (xz)',
    ],
  },
  {
    name: 'a wrong checksum',
    bytes: zipOf([{ name: 'a', body: 'x', sum: 1 }]),
    want: damaged('zip entry "a" has the CRC-32 0x8cdc1683, expected 0x00000001'),
  },
  {
    name: 'more bytes than said',
    bytes: zipOf([{ name: 'a', body: 'xyz', size: 2 }]),
    want: damaged('zip entry "a" has more bytes than the 2 it should have'),
  },
  {
    name: 'fewer bytes than said',
    bytes: zipOf([{ name: 'a', body: 'xyz', size: 4 }]),
    want: damaged('zip entry "a" has 3 bytes, its record says 4'),
  },
  {
    name: 'no end record',
    bytes: whole.subarray(0, -1),
    want: damaged('the zip archive has no end record: it is cut'),
  },
  {
    name: 'one with bytes behind it',
    bytes: Buffer.concat([whole, Buffer.from('a signature')]),
    want,
  },
  {
    name: 'one with more bytes behind it than a comment has',
    bytes: Buffer.concat([whole, Buffer.alloc(3_000_000, 7)]),
    want,
  },
  {
    name: 'one with a long comment that looks like an end',
    bytes: Buffer.concat([commented(whole, 60_000), Buffer.alloc(60_000, 'PK\x05\x06', 'latin1')]),
    want,
  },
  {
    name: 'one behind other bytes that its offsets count',
    bytes: counted(Buffer.alloc(999, 7), whole),
    want,
  },
  {
    name: 'zip64 behind other bytes, and with bytes behind it',
    bytes: Buffer.concat([
      Buffer.alloc(999, 7),
      zipOf(
        members.map((member) => ({ ...member, wide: true })),
        true,
      ),
      Buffer.alloc(99, 7),
    ]),
    want,
  },
];

for (const { name, bytes, want: expected } of archives) {
  test(`zip: ${name}`, async () => {
    assert.deepEqual(await read(bytes), expected);
  });
}

const limits = [
  { limit: { maxEntries: 3 }, says: 'zip archive has 4 entries, the limit is 3' },
  { limit: { maxLayerSize: 10 }, says: 'archive has more than 10 bytes' },
  { limit: { maxTextSize: 10 }, says: 'zip directory has 203 bytes, the limit is 10' },
];

for (const { limit, says } of limits) {
  test(`zip: limited, ${says}`, async () => {
    const seen = await read(whole, { ...defaultLimits, ...limit });
    assert.equal(seen.at(-1), `!LimitExceeded: ${says}`);
  });
}

test('zip: cut or with wrong bytes it gives entries or its own error', async () => {
  const wide = zipOf(
    members.map((member) => ({ ...member, wide: true })),
    true,
  );
  for (const seed of [whole, wide]) {
    for (const bytes of mutationsOf(seed, 10_000)) {
      const last = (await read(bytes)).at(-1) ?? '';
      assert.match(last, /^(?!!)|^!(MalformedInput|LimitExceeded): /);
    }
  }
});

const twins = [
  { name: 'two files of one name', second: 'bin/a', body: 'other' },
  { name: 'two names of one place', second: './bin//a', body: 'other' },
];

for (const { name, second, body } of twins) {
  test(`${name} with other contents are reported`, async () => {
    const twice = zipOf([
      { name: 'bin/a', body: 'one' },
      { name: second, body },
    ]);
    const report = `?${second}: the archive has another file of this name, and programs differ in which they take`;
    assert.ok((await read(twice)).includes(report), (await read(twice)).join());
  });
}

test('two files of one name with one content are not reported', async () => {
  const twice = zipOf([
    { name: 'bin/a', body: 'one' },
    { name: 'bin/a', body: 'one' },
  ]);
  assert.deepEqual(await read(twice), ['file bin/a 755 one', 'file bin/a 755 one']);
});

test('an entry whose own header names another method than its record is damaged', async () => {
  const bytes = zipOf([{ name: 'bin/a', body: 'one', method: 0 }]);
  bytes.writeUInt16LE(8, 8);
  assert.match((await read(bytes)).join(), /its method is 8, and its record says 0/);
});
