import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { adbSchema } from '../../src/archive/adb/adb-blocks.ts';
import { isAdb } from '../../src/archive/adb/adb-content.ts';
import { adbEntries } from '../../src/archive/adb/adb-package.ts';
import { DamagedInput } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { zstdOf } from '../sources/image-builder.ts';
import { type AdbFile, AdbWriter, adbOf, block, words } from '../support/archives/adb-builder.ts';
import { collect, piecesOf, resultOf } from '../support/archives/walks.ts';
import { mutationsOf } from '../support/mutations.ts';

const regular = 0o100000;
const link = 0o120000;
const capability = Buffer.from('security.capability\0CAP', 'latin1');

const whole = {
  info: { 1: 'tool', 2: '1.0-r0' },
  scripts: { 3: '#!/bin/sh\n' },
  folders: [
    { name: '', files: [{ name: 'top', body: 'top' }] },
    {
      name: 'usr/bin',
      mode: 0o700,
      files: [
        { name: 'empty' },
        {
          name: 'tool',
          body: 'the tool',
          mode: 0o4755,
          attributes: [Buffer.from('user.x\0'), capability],
        },
        { name: 'same', body: 'the tool', target: [regular, 'usr/bin/tool'] },
        { name: 'link', target: [link, '../lib/tool'] },
        { name: 'pipe', target: [0o010000, '\0\0\0\0\0\0\0\0'] },
        { name: 'other', body: 'x'.repeat(1000), user: 'daemon' },
      ],
    },
  ],
} as const;

const expected = [
  ['.post-install', 'file', 0o755, 0, '', '#!/bin/sh\n'],
  ['top', 'file', 0o755, 0, '', 'top'],
  ['usr/bin', 'directory', 0o700, 0, '', ''],
  ['usr/bin/empty', 'file', 0o755, 0, '', ''],
  ['usr/bin/tool', 'file', 0o4755, 0, '', 'the tool'],
  ['usr/bin/same', 'hardlink', 0o755, 0, 'usr/bin/tool', ''],
  ['usr/bin/link', 'symlink', 0o755, 0, '../lib/tool', ''],
  ['usr/bin/pipe', 'fifo', 0o755, 0, '', ''],
  ['usr/bin/other', 'file', 0o755, 65534, '', 'x'.repeat(1000)],
];

const read = (bytes: Buffer, size?: number, limits = defaultLimits) =>
  resultOf(adbEntries(piecesOf(bytes, size), limits));

const plain = adbOf(whole);
const compressed = (head: string, bytes: Buffer) =>
  Buffer.concat([Buffer.from(head, 'latin1'), bytes]);

describe('packages of apk-tools 3', () => {
  const forms: readonly (readonly [string, Buffer])[] = [
    ['uncompressed', plain],
    ['with sizes of 64 bits', adbOf({ ...whole, isLong: true })],
    ['with a signature', adbOf({ ...whole, signature: Buffer.alloc(301) })],
    ['deflated', compressed('ADBd', deflateRawSync(plain))],
    ['deflated, with a level', compressed('ADBc\x01\x09', deflateRawSync(plain))],
    ['of zstd', compressed('ADBc\x02\x13', zstdOf(plain))],
    ['of method 0', compressed('ADBc\0\0', plain)],
  ];
  for (const [name, bytes] of forms)
    it(`are read ${name}, in pieces of any size`, async () => {
      assert.ok(isAdb(bytes));
      for (const size of [1, 7, 65536]) {
        const { entries, error } = await read(bytes, size);
        assert.equal(error, null);
        assert.deepEqual(
          entries.map(({ path, type, mode, uid, linkTarget, content }) => [
            ...[path, type, mode, uid, linkTarget, content],
          ]),
          expected,
        );
        assert.equal(entries[4]?.capability?.toString(), 'CAP');
      }
    });

  it('are known by the schema in them, compressed too', async () => {
    const index = Buffer.concat([Buffer.from('ADB.indx'), block(0, Buffer.alloc(16))]);
    const schemaOf = (bytes: Buffer) => adbSchema(piecesOf(bytes), defaultLimits);
    assert.equal(await schemaOf(plain), 'pckg');
    assert.equal(await schemaOf(compressed('ADBd', deflateRawSync(index))), 'indx');
    assert.equal(isAdb(Buffer.from('ADBconnect')), false);
  });

  it('report what is behind the compressed stream', async () => {
    const behind: string[] = [];
    const limits = { ...defaultLimits, behind: (message: string) => void behind.push(message) };
    const bytes = Buffer.concat([compressed('ADBd', deflateRawSync(plain)), Buffer.from('more')]);
    const { error } = await read(bytes, undefined, limits);
    assert.equal(error, null);
    assert.deepEqual(behind, ['4 bytes behind the compressed package were not read']);
  });
});

const file = (given: Partial<AdbFile>) =>
  adbOf({ folders: [{ name: 'a', files: [{ name: 'f', body: 'body', ...given }] }] });

/** A list whose root is what `make` gives, and nothing behind it. */
function listOf(make: (writer: AdbWriter) => number): Buffer {
  const writer = new AdbWriter();
  writer.add(Buffer.alloc(16));
  return Buffer.concat([Buffer.from('ADB.pckg'), block(0, writer.finish(make(writer)))]);
}

const repeated = (count: number, value: number) => new Array<number>(count).fill(value);

const damaged: readonly (readonly [name: string, bytes: Buffer, says: RegExp])[] = [
  ['bytes of another file', file({ digest: Buffer.alloc(32) }), /"a\/f" do not have the sha256/],
  ['a further block', Buffer.concat([plain, block(2, words(1, 1))]), /another block of data/],
  ['no block for a file', file({}).subarray(0, -16), /before the end of "a\/f"/],
  ['the block of another file', changed(file({}), -12, 9), /does not have the 4 bytes of "a\/f"/],
  ['another version', changed(plain, 12, 7), /version 7, of which only 0/],
  ['another method', compressed('ADBc\x03\0', plain), /by method 3, expected 0/],
  ['another schema', Buffer.from('ADB.idb\0'), /the schema is "idb\\u0000"/],
  ['no list', Buffer.concat([Buffer.from('ADB.pckg'), block(2, words(1, 1))]), /the first block/],
  ['an unknown block', Buffer.from('ADB.pckg\x0a\0\0\xc0'.padEnd(24, '\0'), 'latin1'), /type 10/],
  ['a block of less than its header', Buffer.from('ADB.pckg\0\0\0\0'), /with 0 bytes/],
  ['a value that leads out', listOf(() => 0xe0ffffff), /are named in it/],
  ['a number in the place of an object', listOf(() => 0x10000001), /where an object is expected/],
  ['a cut stream', compressed('ADBd', deflateRawSync(plain).subarray(0, -9)), /damaged|ends at/],
];

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
}

describe('what is wrong in a package of apk-tools 3', () => {
  for (const [name, bytes, says] of damaged)
    it(`${name} is damage that is named`, async () => {
      assert.match((await read(bytes)).error ?? '', says);
    });

  it('is its own error wherever it is cut or changed', async () => {
    for (const bytes of [plain, compressed('ADBd', deflateRawSync(plain))])
      for (const each of mutationsOf(bytes, 400))
        try {
          for await (const { body } of adbEntries(piecesOf(each), defaultLimits))
            await collect(body());
        } catch (error) {
          assert.ok(error instanceof DamagedInput, String(error));
        }
  });

  it('is bounded where one part is named many times', async () => {
    const limits = { ...defaultLimits, maxEntries: 10_000 };
    const many = listOf((writer) => {
      const files = writer.array(repeated(100_000, writer.object([writer.blob('f')])));
      const folder = writer.object([writer.blob('a'), 0, files]);
      return writer.object([0, writer.array(repeated(100_000, folder))]);
    });
    assert.match((await read(many, undefined, limits)).error ?? '', /more than 10000 entries/);
    const name = listOf((writer) => {
      const long = writer.blob('n'.repeat(5000));
      return writer.object([0, writer.array([writer.object([long])])]);
    });
    assert.match((await read(name)).error ?? '', /a path has 5000 bytes/);
    const attributes = listOf((writer) => {
      const access = writer.object([0, 0, 0, writer.array(repeated(100_000, writer.blob('x')))]);
      return writer.object([0, writer.array([writer.object([writer.blob('a'), access])])]);
    });
    assert.match((await read(attributes)).error ?? '', /100000 extended attributes/);
    const list = { ...defaultLimits, maxTextSize: 100 };
    assert.match((await read(plain, undefined, list)).error ?? '', /the limit is 100/);
  });
});
