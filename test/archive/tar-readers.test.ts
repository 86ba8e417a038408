import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryHeader } from '../../src/archive/entry.ts';
import { encodeName } from '../../src/base/text.ts';
import {
  base256,
  gnuLong,
  gnuMagic,
  oldMagic,
  paxHeader,
  tarEntry,
  tarHeader,
  tarOf,
} from '../support/archives/tar-builder.ts';
import { indexed, streamed } from '../support/archives/walks.ts';

type Want = Partial<EntryHeader> & { readonly content?: string };

interface Case {
  readonly name: string;
  readonly tar: Buffer;
  readonly want: readonly Want[];
}

const long = `${'directory/'.repeat(30)}file`;
const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex');

const cases: readonly Case[] = [
  {
    name: 'a file has its body, mode and owner',
    tar: tarOf(tarEntry({ name: 'bin/su', mode: 0o4755, uid: 7, gid: 8 }, 'body')),
    want: [
      {
        path: 'bin/su',
        type: 'file',
        size: 4,
        mode: 0o4755,
        uid: 7,
        gid: 8,
        content: 'body',
        capability: null,
      },
    ],
  },
  {
    name: 'every type of entry keeps its kind',
    tar: tarOf(
      ...['1', '2', '3', '4', '5', '6', '7', 'Z'].map((flag) =>
        tarEntry({ name: flag, flag, linkName: 'target' }),
      ),
    ),
    want: [
      { type: 'hardlink', linkTarget: 'target' },
      { type: 'symlink', linkTarget: 'target' },
      { type: 'character-device', linkTarget: '' },
      { type: 'block-device' },
      { type: 'directory' },
      { type: 'fifo' },
      { type: 'file' },
      { type: 'unsupported' },
    ],
  },
  {
    name: 'a size on an entry without a body is not skipped, as in Go',
    tar: tarOf(
      tarHeader({ name: 'd', flag: '5', size: 512 }),
      tarHeader({ name: 'l', flag: '2', size: 9 }),
      tarEntry({ name: 'f' }, 'x'),
    ),
    want: [
      { type: 'directory', size: 0 },
      { type: 'symlink', size: 0 },
      { path: 'f', content: 'x' },
    ],
  },
  {
    name: 'archives older than POSIX mark directories by a slash',
    tar: tarOf(
      tarEntry({ name: 'd/', flag: '\0', magic: oldMagic }),
      tarEntry({ name: 'f', flag: '\0', magic: oldMagic, prefix: 'ignored' }, 'x'),
    ),
    want: [
      { path: 'd/', type: 'directory' },
      { path: 'f', type: 'file', content: 'x' },
    ],
  },
  {
    name: 'a POSIX prefix goes before the name',
    tar: tarOf(tarEntry({ name: 'name', prefix: 'some/prefix' })),
    want: [{ path: 'some/prefix/name' }],
  },
  {
    name: 'a name that fills its field has no NUL',
    tar: tarOf(
      tarEntry({
        name: 'n'.repeat(100),
        prefix: 'p'.repeat(155),
        linkName: 'l'.repeat(100),
        flag: '2',
      }),
    ),
    want: [{ path: `${'p'.repeat(155)}/${'n'.repeat(100)}`, linkTarget: 'l'.repeat(100) }],
  },
  {
    name: 'GNU times in the place of the prefix are not a prefix',
    tar: tarOf(tarEntry({ name: 'name', magic: gnuMagic, prefix: '13371337133\x0013371337133\0' })),
    want: [{ path: 'name' }],
  },
  {
    name: 'Go before 1.8 wrote a prefix into GNU headers',
    tar: tarOf(tarEntry({ name: 'name', magic: gnuMagic, prefix: 'usr/share' })),
    want: [{ path: 'usr/share/name' }],
  },
  {
    name: 'GNU long names and links',
    tar: tarOf(
      gnuLong('L', long),
      gnuLong('K', `/${long}`),
      tarEntry({ name: 'short', flag: '2', magic: gnuMagic, linkName: 'cut' }),
    ),
    want: [{ path: long, linkTarget: `/${long}`, type: 'symlink' }],
  },
  {
    name: 'PAX names, links, sizes and owners go before those of the header',
    tar: tarOf(
      paxHeader({ path: long, uid: '3000000', gid: '-1', size: '3' }),
      tarEntry({ name: 'short', size: 0 }, 'abc'),
      paxHeader({ linkpath: long }),
      tarEntry({ name: 'link', flag: '2', linkName: 'cut' }),
    ),
    want: [
      { path: long, uid: 3_000_000, gid: -1, size: 3, content: 'abc' },
      { path: 'link', linkTarget: long },
    ],
  },
  {
    name: 'a capability keeps its bytes, which are not text',
    tar: tarOf(
      paxHeader({ 'SCHILY.xattr.security.capability': capability }),
      tarEntry({ name: 'bin/ping' }),
      paxHeader({ 'LIBARCHIVE.xattr.security.capability': capability.toString('base64') }),
      tarEntry({ name: 'bin/arping' }),
      tarEntry({ name: 'bin/none' }),
    ),
    want: [{ capability }, { capability }, { capability: null }],
  },
  {
    name: 'an access list keeps its bytes',
    tar: tarOf(
      paxHeader({ 'SCHILY.xattr.system.posix_acl_access': capability }),
      tarEntry({ name: 'bin/app' }, 'abc'),
      paxHeader({ 'SCHILY.xattr.system.posix_acl_access': capability }),
      tarEntry({ name: 'bin/' }),
    ),
    want: [{ accessList: capability }, { accessList: capability }],
  },
  {
    name: 'an empty PAX value takes the record back',
    tar: tarOf(paxHeader({ path: '' }), tarEntry({ name: 'header' })),
    want: [{ path: 'header' }],
  },
  {
    name: 'a global PAX header changes nothing, as in container runtimes',
    tar: tarOf(
      paxHeader({ path: 'global', uid: '5' }, 'g'),
      tarEntry({ name: 'own' }),
      tarEntry({ name: 'next' }),
    ),
    want: [{ path: 'own', uid: 0 }, { path: 'next' }],
  },
  {
    name: 'names that are not UTF-8 keep their bytes, wherever they stand',
    tar: tarOf(
      tarEntry({ name: Buffer.from('a\xff', 'latin1') }),
      paxHeader({ path: Buffer.from('b\xfe', 'latin1') }),
      tarEntry({ name: 'b' }),
      gnuLong('L', Buffer.from('c\xfd', 'latin1')),
      tarEntry({ name: 'c' }),
      tarEntry({ name: 'é' }),
    ),
    want: [{ path: 'a\udcff' }, { path: 'b\udcfe' }, { path: 'c\udcfd' }, { path: 'é' }],
  },
  {
    name: 'numbers in base 256',
    tar: tarOf(
      tarEntry({ name: 'f', size: base256(5n, 12), uid: base256(4_000_000_000n, 8) }, 'abcde'),
    ),
    want: [{ size: 5, uid: 4_000_000_000, content: 'abcde' }],
  },
  {
    name: 'numbers between blanks',
    tar: tarOf(tarEntry({ name: 'f', size: Buffer.from('        3 \0 ') }, 'abc')),
    want: [{ size: 3, content: 'abc' }],
  },
  {
    name: 'checksums of signed characters',
    tar: tarOf(signedChecksum(tarHeader({ name: Buffer.from([0xff, 0xfe]) }))),
    want: [{ path: '\udcff\udcfe' }],
  },
  {
    name: 'what an overlay file system would show from elsewhere is unsupported, and other attributes are nothing',
    tar: tarOf(
      paxHeader({ 'SCHILY.xattr.trusted.overlay.redirect': '/hidden' }),
      tarEntry({ name: 'd/', flag: '5', size: 600 }),
      paxHeader({ 'SCHILY.xattr.user.overlay.redirect': 'hidden' }),
      tarEntry({ name: 'e/', flag: '5' }),
      paxHeader({ 'SCHILY.xattr.trusted.overlay.metacopy': 'x' }),
      tarEntry({ name: 'f' }, 'shown'),
      paxHeader({ 'SCHILY.xattr.trusted.overlay.opaque': 'y' }),
      tarEntry({ name: 'o/', flag: '5' }),
    ),
    want: [
      { path: 'd/', type: 'unsupported' },
      { path: 'e/', type: 'unsupported' },
      { path: 'f', type: 'unsupported', size: 0 },
      { path: 'o/', type: 'directory' },
    ],
  },
  {
    name: 'nothing behind two blocks of zeros is read',
    tar: Buffer.concat([
      tarOf(tarEntry({ name: 'a' })),
      tarEntry({ name: 'behind' }),
      Buffer.alloc(100, 1),
    ]),
    want: [{ path: 'a' }],
  },
  {
    name: 'one block of zeros, or none, ends an archive too',
    tar: Buffer.concat([tarEntry({ name: 'a' }, 'x'), Buffer.alloc(512)]),
    want: [{ path: 'a', content: 'x' }],
  },
  { name: 'an empty archive has no entries', tar: Buffer.alloc(0), want: [] },
];

/** As Sun's tar made them. */
function signedChecksum(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + (byte > 127 ? byte - 256 : byte), 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

for (const { name, tar, want } of cases) {
  test(name, async () => {
    const { entries, error } = await streamed(tar);
    assert.equal(error, null);
    assert.equal(entries.length, want.length);
    for (const [index, fields] of want.entries()) {
      const entry = entries[index];
      assert.deepEqual(entry, { ...entry, ...fields });
    }
    assert.deepEqual(await indexed(tar), { entries, error }, 'the index agrees');
    assert.deepEqual(
      await streamed(tar, undefined, 7),
      { entries, error },
      'pieces of seven bytes agree',
    );
  });
}

test('an escaped name gives back its bytes', async () => {
  const { entries } = await streamed(
    tarOf(tarEntry({ name: Buffer.from('a\xff\xc3\xa9', 'latin1') })),
  );
  assert.deepEqual(encodeName(entries[0]?.path ?? ''), Buffer.from('a\xff\xc3\xa9', 'latin1'));
});
