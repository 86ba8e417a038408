import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { tool, workFolder } from '../support/archives/real-images.ts';
import { tarHeader } from '../support/archives/tar-builder.ts';
import { openAll, writeFile, writeTar } from './workbench.ts';

after(() => rmSync(workFolder, { recursive: true, force: true }));

const tree = join(workFolder, 'tree');
mkdirSync(join(tree, 'etc'), { recursive: true });
writeFileSync(join(tree, 'etc/os-release'), 'ID=x');

const ext4 = image('root.ext4', (path) =>
  tool('mke2fs', ['-q', '-F', '-O', '^has_journal', '-b', '1024', '-d', tree, path, '1M']),
);
const sector = 512;

function image(name: string, make: (path: string) => void): Buffer {
  const path = join(workFolder, name);
  make(path);
  return readFileSync(path);
}

/** A disk with a GPT whose partitions begin at `front` and, by the copy at its end, at `copy`. */
function gptDisk({ front, copy = front, headerSize = 92, sum = 0 }: GptParts): Buffer {
  const sectors = 4096 + 2 * (ext4.length / sector);
  const disk = Buffer.alloc(sectors * sector);
  for (const at of [front, copy]) ext4.copy(disk, at * sector);
  writeTable(disk, { at: 1, table: 2, first: front, headerSize, sum });
  const last = sectors - 1;
  writeTable(disk, { at: last, table: last - 32, first: copy, headerSize: 92, sum: 0 });
  return disk;
}

interface GptParts {
  readonly front: number;
  readonly copy?: number;
  readonly headerSize?: number;
  /** Added to the right checksum. */
  readonly sum?: number;
}

function writeTable(
  disk: Buffer,
  place: { at: number; table: number; first: number; headerSize: number; sum: number },
): void {
  const table = disk.subarray(place.table * sector, (place.table + 32) * sector);
  table.write('af3dc60f838472478e793d69d8477de4', 'hex');
  table.writeBigUInt64LE(BigInt(place.first), 32);
  table.writeBigUInt64LE(BigInt(place.first + ext4.length / sector - 1), 40);
  const header = disk.subarray(place.at * sector, (place.at + 1) * sector);
  header.write('EFI PART');
  header.writeUInt32LE(0x10000, 8);
  header.writeUInt32LE(place.headerSize, 12);
  header.writeBigUInt64LE(BigInt(place.table), 72);
  header.writeUInt32LE(128, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(table), 88);
  header.writeUInt32LE(crc32(header.subarray(0, place.headerSize)) + place.sum, 16);
}

function writeMbr(disk: Buffer, type: number, start: number): Buffer {
  disk[446 + 4] = type;
  disk.writeUInt32LE(start, 446 + 8);
  disk.writeUInt32LE(ext4.length / sector, 446 + 12);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}

const second = 2048 + ext4.length / sector;
const disks = [
  {
    name: 'the partition that only the copy of a GPT has',
    disk: gptDisk({ front: 2048, copy: second }),
    want: ['p1', 'p1 of the copy of the GPT'],
  },
  {
    name: 'the partition of the copy where a long header in front is damaged',
    disk: gptDisk({ front: 2048, copy: second, headerSize: 96, sum: 1 }),
    want: ['p1'],
  },
  {
    name: 'the partition that only the old table in front of a GPT has',
    disk: writeMbr(withSecond(gptDisk({ front: 2048 })), 0x83, second),
    want: ['p1', 'p1 of the MBR'],
  },
  {
    name: 'the partition of a GPT once, where the old table has it too',
    disk: writeMbr(gptDisk({ front: 2048 }), 0x83, 2048),
    want: ['p1'],
  },
  {
    name: 'the partition of a GPT alone, where the old table is its cover',
    disk: writeMbr(gptDisk({ front: 2048 }), 0xee, 1),
    want: ['p1'],
  },
];

function withSecond(disk: Buffer): Buffer {
  ext4.copy(disk, second * sector);
  return disk;
}

for (const { name, disk, want } of disks) {
  test(`a disk: ${name} is read`, async (t) => {
    const path = writeFile(t, disk);
    const { targets } = await openAll(path);
    assert.deepEqual(
      targets.map((each) => each.name.replace(`${path}!`, '')),
      want,
    );
  });
}

function marked(bytes: Buffer, marks: readonly (readonly [at: number, mark: Buffer])[]): Buffer {
  const all = Buffer.from(bytes);
  for (const [at, mark] of marks) mark.copy(all, at);
  return all;
}

const header = tarHeader({ name: 'etc/x', size: ext4.length - sector });
const btrfs: readonly (readonly [number, Buffer])[] = [
  [0x10030, Buffer.from('0000010000000000', 'hex')],
  [0x10040, Buffer.from('_BHRfS_M')],
];
const iso = image('plain.iso', (path) => tool('genisoimage', ['-quiet', '-R', '-o', path, tree]));
const several = [
  {
    name: 'a tar whose first file is most of a file system',
    bytes: marked(ext4, [[0, header]]),
    says: /^damaged it is an ext2, ext3 or ext4 file system as well/,
  },
  {
    name: 'a file system with the mark of one that is not read',
    bytes: marked(ext4, btrfs),
    says: /^unsupported it is a Btrfs file system/,
  },
  {
    name: 'an ISO image in whose free front a file system begins',
    bytes: marked(iso, [[1024, ext4.subarray(1024, 2048)]]),
    says: /^damaged it is an ext2, ext3 or ext4 file system as well/,
  },
  {
    name: 'an ISO image that has the files of UDF too',
    bytes: image('udf.iso', (path) =>
      tool('genisoimage', ['-quiet', '-udf', '-R', '-o', path, tree]),
    ),
    says: /^unsupported it is a UDF file system/,
  },
];

for (const { name, bytes, says } of several) {
  test(`${name} is not read as one of them in silence`, async (t) => {
    const { targets } = await openAll(writeFile(t, bytes));
    const problems = targets.flatMap((each) => each.problems);
    assert.match(problems.map(({ kind, message }) => `${kind} ${message}`).join('\n'), says);
  });
}

test('a file system in a partition behind an ISO image is read', async (t) => {
  const part = join(workFolder, 'root.ext4');
  const path = writeFile(
    t,
    image('appended.iso', (to) =>
      tool('xorriso', [
        ...[
          '-as',
          'mkisofs',
          '-quiet',
          '-R',
          '-o',
          to,
          '-append_partition',
          '2',
          '0x83',
          part,
          tree,
        ],
      ]),
    ),
  );
  const { targets } = await openAll(path);
  assert.deepEqual(
    targets.map(({ name, scheme }) => `${scheme} ${name.replace(path, '')}`),
    ['iso ', 'ext4 !p2'],
  );
});

test('one format alone is not reported', async (t) => {
  for (const bytes of [ext4, iso, gptDisk({ front: 2048 })]) {
    const { targets } = await openAll(writeFile(t, bytes));
    assert.deepEqual(
      targets.flatMap(({ problems }) => problems),
      [],
    );
  }
});

const inRoot = ['etc/passwd', Buffer.from('root:x:0:0::/:/bin/sh\n')] as const;
const ofPackage = ['.PKGINFO', Buffer.from('pkgname = x\npkgver = 1-r0\narch = x86_64\n')] as const;

for (const [title, first] of [
  ['a root filesystem', inRoot],
  ['a package', ofPackage],
] as const)
  for (const [name, text, more] of [
    ['manifest.json', '[{"Config":"c"}]', []],
    ['manifest.json', ' \n[{"config":"c"}]', []],
    ['index.json', '{}', ['oci-layout']],
    ['index.json', '{}', ['blobs/sha256/x']],
  ] as const)
    test(`a tar that is ${title} and an image by ${[name, ...more]} is not whole: ${text}`, async (t) => {
      const documents = more.map((path) => [path, Buffer.from('{}')] as const);
      const files = new Map([first, [name, Buffer.from(text)] as const, ...documents]);
      const { targets } = await openAll(await writeTar(t, files));
      const [problem] = targets.flatMap(({ problems }) => problems);
      assert.notEqual(targets[0]?.kind, 'image');
      assert.equal(problem?.kind, 'damaged');
      assert.match(problem.message, new RegExp(`an archive of an image as well, by its ${name}`));
    });

test('a root filesystem with documents of a web application is whole, and so is one that is named', async (t) => {
  const web = new Map([
    inRoot,
    ['manifest.json', Buffer.from('{"name":"app"}')] as const,
    ['index.json', Buffer.from('[]')] as const,
  ]);
  const both = await writeTar(t, new Map([inRoot, ['manifest.json', Buffer.from('[]')] as const]));
  for (const reference of [await writeTar(t, web), `rootfs:${both}`]) {
    const { targets } = await openAll(reference);
    assert.deepEqual(
      targets.flatMap(({ problems }) => problems),
      [],
    );
  }
});
