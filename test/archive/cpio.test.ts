import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cpioEntries } from '../../src/archive/cpio/cpio.ts';
import { defaultLimits, type Limits } from '../../src/base/limits.ts';
import { xzOf, zstdOf } from '../sources/image-builder.ts';
import { cpioOf, cpioTrailer, oldCpioOf } from '../support/archives/archive-builder.ts';
import { piecesOf, resultOf } from '../support/archives/walks.ts';
import { mutationsOf } from '../support/mutations.ts';

async function read(bytes: Buffer, limits: Limits = defaultLimits): Promise<readonly string[]> {
  const { entries, error } = await resultOf(cpioEntries(piecesOf(bytes, 1000), limits));
  const seen = entries.map(
    ({ path, type, content, linkTarget }) => `${type} ${path} ${linkTarget}${content}`,
  );
  return error === null ? seen : [...seen, `!${error}`];
}

const one = [
  { name: 'etc', mode: 0o40755 },
  { name: 'etc/one', body: 'first' },
  { name: 'bin', mode: 0o120777, body: 'usr/bin' },
  { name: 'dev/null', mode: 0o20666 },
];
const two = cpioOf([{ name: 'two', body: 'second' }]);
const plain = cpioOf(one);
const want = [
  'directory etc ',
  'file etc/one first',
  'symlink bin usr/bin',
  'character-device dev/null ',
];
function namedGzip(content: Buffer): Buffer {
  const plainGzip = gzipSync(content);
  const named = Buffer.concat([
    plainGzip.subarray(0, 10),
    Buffer.from('initrd\0'),
    plainGzip.subarray(10),
  ]);
  named[3] = 8;
  return named;
}

const linked = { inode: 9, names: 3 };

const archives = [
  { name: 'newc', bytes: plain, want },
  { name: 'odc', bytes: oldCpioOf(one), want },
  {
    name: 'odc, and newc behind it',
    bytes: Buffer.concat([oldCpioOf(one), two]),
    want: [...want, 'file two second'],
  },
  { name: 'crc', bytes: cpioOf(one, 'crc'), want },
  { name: 'gzip', bytes: gzipSync(plain), want },
  {
    name: 'several, zeros between, the last one compressed, as an initramfs',
    bytes: Buffer.concat([
      plain,
      Buffer.alloc(300),
      two,
      Buffer.alloc(4),
      zstdOf(cpioOf([{ name: 'three', body: 'x' }])),
    ]),
    want: [...want, 'file two second', 'file three x'],
  },
  {
    name: 'parts compressed differently, with zeros between and without',
    bytes: Buffer.concat([
      gzipSync(plain),
      xzOf(two),
      Buffer.alloc(8),
      zstdOf(cpioOf([{ name: 'three', body: 'x' }])),
      cpioOf([{ name: 'four' }]),
      gzipSync(cpioOf([{ name: 'five' }])),
      Buffer.alloc(512),
    ]),
    want: [...want, 'file two second', 'file three x', 'file four ', 'file five '],
  },
  {
    name: 'a part of gzip with a name in its header, another archive right behind it',
    bytes: Buffer.concat([namedGzip(cpioOf([{ name: 'noise' }])), two]),
    want: ['file noise ', 'file two second'],
  },
  {
    name: 'several in one compressed stream, zeros behind',
    bytes: gzipSync(Buffer.concat([plain, Buffer.alloc(512), two, Buffer.alloc(512)])),
    want: [...want, 'file two second'],
  },
  {
    name: 'names of one file, of which the last has the bytes',
    bytes: cpioOf([
      { name: 'a', ...linked },
      { name: 'b', ...linked },
      { name: 'c', body: 'bytes', ...linked },
      { name: 'd', ...linked },
    ]),
    want: ['file c bytes', 'hardlink a c', 'hardlink b c', 'hardlink d c'],
  },
  {
    name: 'names of an empty file',
    bytes: cpioOf([
      { name: 'a', ...linked },
      { name: 'b', ...linked },
    ]),
    want: ['file a ', 'file b '],
  },
  {
    name: 'inode numbers that come again in the next archive',
    bytes: Buffer.concat([
      cpioOf([{ name: 'a', body: 'x', ...linked }]),
      cpioOf([{ name: 'b', body: 'y', ...linked }]),
    ]),
    want: ['file a x', 'file b y'],
  },
  {
    name: 'a wrong sum',
    bytes: cpioOf([{ name: 'a', body: 'x', sum: 5 }], 'crc'),
    want: ['!MalformedInput: the bytes of "a" add up to 120, its header says 5'],
  },
  {
    name: 'no trailer',
    bytes: cpioOf([{ name: 'a', body: 'x' }], 'newc', []),
    want: ['file a x', '!MalformedInput: cpio ends at byte 116 without TRAILER!!!'],
  },
  {
    name: 'something behind the trailer',
    bytes: Buffer.concat([two, Buffer.from('junk, and more of it')]),
    want: [
      'file two second',
      '!MalformedInput: cpio header at offset 248 begins with "junk, ", expected 070701, 070702, 070707',
    ],
  },
  {
    name: 'a compressed cpio with one of another compression behind it',
    bytes: Buffer.concat([gzipSync(two), Buffer.alloc(4), zstdOf(two)]),
    want: ['file two second', 'file two second'],
  },
  {
    name: 'a name without its NUL',
    bytes: Buffer.from(
      cpioOf([{ name: 'ab' }])
        .toString('latin1')
        .replace('ab\0', 'abc'),
    ),
    want: ['!MalformedInput: cpio name at offset 110 is not 3 bytes with one NUL at the end'],
  },
  {
    name: 'a body that is cut',
    bytes: cpioOf([{ name: 'a', body: 'x'.repeat(500) }]).subarray(0, 300),
    want: ['!MalformedInput: archive ends inside the body of "a" at byte 300'],
  },
];

for (const { name, bytes, want: expected } of archives) {
  test(`cpio: ${name}`, async () => {
    assert.deepEqual(await read(bytes), expected);
  });
}

const limits = [
  { name: 'entries', limit: { maxEntries: 2 }, says: 'archive has more than 2 entries' },
  { name: 'bytes', limit: { maxLayerSize: 300 }, says: 'archive has more than 300 bytes' },
  {
    name: 'letters of a name',
    limit: { maxPathLength: 2 },
    says: 'cpio name at offset 0 has 4 bytes, the limit is 2',
  },
];

for (const { name, limit, says } of limits) {
  test(`cpio: more ${name} than allowed exceed the limit`, async () => {
    const seen = await read(plain, { ...defaultLimits, ...limit });
    assert.equal(seen.at(-1), `!LimitExceeded: ${says}`);
  });
}

test('cpio: cut or with wrong bytes it gives entries or its own error', async () => {
  const seed = Buffer.concat([
    cpioOf(one, 'crc'),
    Buffer.alloc(8),
    cpioOf([{ name: 'a', ...linked }, cpioTrailer]),
  ]);
  for (const bytes of mutationsOf(seed, 20_000)) {
    const last = (await read(bytes)).at(-1) ?? '';
    assert.match(last, /^(?!!)|^!(MalformedInput|LimitExceeded): /);
  }
});
