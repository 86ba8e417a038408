import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDpkg } from '../../../src/root/packages/dpkg.ts';
import { hostOf } from '../../../src/root/packages/makers/maker.ts';
import { createPackageOwners } from '../../../src/root/packages/package-owners.ts';
import { readPacman } from '../../../src/root/packages/pacman.ts';
import { processorTime } from '../../support/processor-time.ts';
import { assertOwner, type OwnerCase } from '../../support/roots/owner-case.ts';
import { buildRoot, elf, linkTo, text } from '../../support/roots/root-builder.ts';

const tool = elf({});
const installed = '/lib/apk/db/installed';

/** A SQLite file of two pages: the schema, and the table Packages with these rows, which may be the same one. */
function sqliteOf(pageSize: number, record: readonly number[], rows: number): string {
  const file = Buffer.alloc(2 * pageSize);
  file.write('SQLite format 3\0');
  file.writeUInt16BE(pageSize === 65_536 ? 1 : pageSize, 16);
  const schema = Buffer.concat([
    Buffer.from([6, 23, 29, 29, 1, 13]),
    Buffer.from('tablePackagesPackages'),
    Buffer.from([2]),
  ]);
  for (const [at, header, payload, cells] of [
    [0, 100, schema, 1],
    [pageSize, 0, Buffer.from(record), rows],
  ] as const) {
    const cell = pageSize - payload.length - 4;
    file[at + header] = 0x0d;
    file.writeUInt16BE(cells, at + header + 3);
    for (let each = 0; each < cells; each += 1)
      file.writeUInt16BE(cell, at + header + 8 + 2 * each);
    // The size in three groups of 7 bits, and the id of the row.
    file.set([0x80 | (payload.length >> 14), 0x80 | ((payload.length >> 7) & 0x7f)], at + cell);
    file.set([payload.length & 0x7f, 1], at + cell + 2);
    payload.copy(file, at + cell + 4);
  }
  return file.toString('latin1');
}

const hostile: readonly OwnerCase[] = [
  {
    name: 'a hard link that hundreds of thousands of packages claim belongs to the first',
    things: {
      [installed]: text(`P:a\nV:1\nF:bin\nR:a\n\n${'P:b\nV:1\nF:bin\nR:b\n\n'.repeat(200_000)}`),
      '/bin/a': tool,
      '/bin/b': { type: 'hardlink', linkTarget: '/bin/a' },
    },
    path: '/bin/b',
    want: 'pkg:apk/alpine/a@1',
  },
  {
    name: 'a database of names without end does not say that a file is in no package',
    things: {
      [installed]: text(
        `P:a\nV:1\nF:${'d'.repeat(1 << 20)}\n${'R:x\n'.repeat(300)}\nP:b\nV:1\nF:bin\nR:tool\n`,
      ),
      '/bin/tool': tool,
    },
    path: '/bin/tool',
    want: /names more than \d+ characters of paths/,
  },
  {
    name: 'of links to a folder no more are tried than a merged /usr has, some times over',
    things: {
      [installed]: text('P:a\nV:1\nF:l99\nR:tool\n'),
      '/usr/bin/tool': tool,
      ...Object.fromEntries(
        Array.from({ length: 90 }, (_, at) => [`/l${at + 10}`, linkTo('usr/bin')]),
      ),
    },
    path: '/usr/bin/tool',
    want: null,
  },
  {
    name: 'rows of an rpm database that share their bytes are damage',
    things: {
      '/var/lib/rpm/rpmdb.sqlite': text(sqliteOf(512, [3, 0, 0, ...Buffer.alloc(300)], 10)),
      '/usr/bin/tool': tool,
    },
    path: '/usr/bin/tool',
    want: /damaged: rows have more bytes than the file/,
  },
  {
    name: 'a row of an rpm database with more columns than SQLite has is damage',
    things: {
      '/var/lib/rpm/rpmdb.sqlite': text(
        sqliteOf(65_536, [0x81, 0xc0, 0x00, ...Buffer.alloc(24_576)], 1),
      ),
      '/usr/bin/tool': tool,
    },
    path: '/usr/bin/tool',
    want: /damaged: the header of a record has 24576 bytes/,
  },
];

describe('a hostile package database', () => {
  for (const each of hostile) it(each.name, () => assertOwner(each));

  it('is read once where a table of two rows, one byte each, is sound', () => {
    const things = {
      '/var/lib/rpm/rpmdb.sqlite': text(sqliteOf(512, [3, 0, 0], 2)),
      '/usr/bin/tool': tool,
    };
    const root = buildRoot(things);
    const [entry] = root.binaries;
    assert.ok(entry);
    assert.deepEqual(createPackageOwners(root)(entry), { known: true, value: null });
  });

  it('is no longer for a list of dpkg that packages share: it is read once', () => {
    const root = buildRoot({
      '/var/lib/dpkg/status': text('Package: a\nStatus: install ok installed\n\n'.repeat(3)),
      '/var/lib/dpkg/info/a.list': text('/bin/tool\n'),
    });
    const database = readDpkg(root, null, () => true);
    assert.ok(database.state === 'read');
    assert.equal([...database.packages].length, 1);
  });

  it('is no longer for a list of pacman that packages share: it is read once', () => {
    const folder = '/var/lib/pacman/local';
    const root = buildRoot({
      [`${folder}/a/desc`]: text('%NAME%\na\n'),
      [`${folder}/a/files`]: text('%FILES%\nbin/tool\n'),
      [`${folder}/b/desc`]: text('%NAME%\nb\n'),
      [`${folder}/b/files`]: { type: 'hardlink', linkTarget: `${folder}/a/files` },
    });
    const database = readPacman(root, null, () => true);
    assert.ok(database.state === 'read');
    assert.equal([...database.packages].length, 1);
  });

  it('costs no more for a maintainer of many letters', () => {
    const begun = processorTime();
    assert.equal(hostOf(`@${'a'.repeat(200_000)}@`), '');
    assert.ok(processorTime(begun) < 5000);
  });

  it('costs no more for a file of many hard links, all of which it names', () => {
    const names = Array.from({ length: 30_000 }, (_, at) => `f${at}`);
    const root = buildRoot({
      [installed]: text(
        `P:a\nV:1\nF:bin\n${names.map((name) => `R:${name}\nZ:Q1aaaa\n`).join('')}`,
      ),
      ...Object.fromEntries(
        names.map((name, at) => [
          `/bin/${name}`,
          at === 0 ? tool : { type: 'hardlink' as const, linkTarget: '/bin/f0' },
        ]),
      ),
    });
    const begun = processorTime();
    const owners = createPackageOwners(root);
    assert.equal(owners.lacksDigests, false);
    assert.ok(processorTime(begun) < 5000);
  });
});
