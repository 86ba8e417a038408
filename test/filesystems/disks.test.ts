import assert from 'node:assert/strict';
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openAll } from '../sources/workbench.ts';
import {
  listFolder,
  listImage,
  makeTree,
  tool,
  workFolder,
} from '../support/archives/real-images.ts';

after(() => rmSync(workFolder, { recursive: true, force: true }));
const root = makeTree();
const expected = listFolder(root, true);
const squashfs = image('root.squashfs', (path) =>
  tool('mksquashfs', [root, path, '-quiet', '-no-progress', '-comp', 'zstd']),
);
const ext4 = image('root.ext4', (path) => tool('mke2fs', ['-q', '-F', '-d', root, path, '24M']));
const fat = image('boot.fat', (path) => {
  writeFileSync(path, '');
  truncateSync(path, 1024 ** 2);
  tool('mkfs.vfat', [path]);
  tool('mcopy', ['-i', path, join(root, 'etc/small'), '::small.txt']);
});

function image(name: string, make: (path: string) => void): string {
  const path = join(workFolder, name);
  make(path);
  return path;
}

/** A disk of 64 MiB with a table by sfdisk or sgdisk, and images from these sectors on. */
function disk(name: string, partition: (path: string) => void, parts: readonly [number, string][]) {
  return image(name, (path) => {
    writeFileSync(path, '');
    truncateSync(path, 64 * 1024 ** 2);
    partition(path);
    const file = openSync(path, 'r+');
    for (const [sector, part] of parts) {
      const bytes = readFileSync(part);
      writeSync(file, bytes, 0, bytes.length, sector * 512);
    }
    closeSync(file);
  });
}

const sfdisk = (script: string) => (path: string) =>
  void tool('sfdisk', ['-q', path], Buffer.from(script));

const disks = [
  {
    name: 'GPT by sgdisk',
    path: disk(
      'gpt.disk',
      (path) =>
        void tool('sgdisk', [
          ...['-n', '1:2048:4095', '-c', '1:EFI system', '-t', '1:ef00'],
          ...['-n', '2:6144:59391', '-c', '2:root', '-n', '3:59392:61439', '-t', '3:8200'],
          ...['-n', '4:61440:63487', '-t', '4:ef02', path],
        ]),
      [
        [2048, fat],
        [6144, ext4],
      ],
    ),
    targets: ['gpt.disk!p1 fat', 'gpt.disk!p2 ext4'],
    problems: ['notice p3 holds nothing but zeros', 'notice p4 holds a boot loader'],
    root: 1,
  },
  {
    name: 'MBR with logical partitions, by sfdisk',
    path: disk(
      'mbr.disk',
      sfdisk(
        'label: dos\nstart=2048,size=2048,type=c\nstart=4096,size=120000,type=5\nstart=6144,size=49152,type=83\nstart=57344,size=8192,type=83\n',
      ),
      [
        [2048, fat],
        [6144, squashfs],
      ],
    ),
    targets: ['mbr.disk!p1 fat', 'mbr.disk!p5 squashfs'],
    problems: ['notice p6 holds nothing but zeros'],
    root: 1,
  },
];

describe('each partition that can be read is a target, the others are named', () => {
  for (const { name, path, targets, problems, root: index } of disks) {
    it(name, async () => {
      const opened = await openAll(path);
      const found = opened.targets.map(
        (target) => `${target.name.replace(`${workFolder}/`, '')} ${target.scheme}`,
      );
      assert.deepEqual(found, targets);
      assert.deepEqual(
        opened.targets.flatMap((target) =>
          target.problems.map(
            ({ kind, where, message }) => `${kind} ${where.replace(/ \(.*/, '')} ${message}`,
          ),
        ),
        problems,
      );
      const { 'lost+found': _, '.': __, ...listing } = await listImage(path, true, index);
      const { '.': ___, ...wanted } = expected;
      assert.deepEqual(listing, wanted);
    });
  }
});

it('a GPT whose first copy is damaged is read from the other', async () => {
  const bytes = readFileSync(disks[0]?.path ?? '');
  bytes.fill(0xff, 600, 700);
  const path = join(workFolder, 'damaged.disk');
  writeFileSync(path, bytes);
  assert.deepEqual(
    (await openAll(path)).targets.map(({ scheme }) => scheme),
    ['fat', 'ext4'],
  );
});

it('a partition over another one is left out and reported', async () => {
  const bytes = readFileSync(disks[1]?.path ?? '');
  // The second primary partition, which holds the others, becomes one like the first.
  bytes.copy(bytes, 446 + 16, 446, 446 + 16);
  const path = join(workFolder, 'twice.disk');
  writeFileSync(path, bytes);
  const [target, ...rest] = (await openAll(path)).targets;
  assert.equal(rest.length, 0);
  assert.deepEqual(target?.problems, [
    { kind: 'damaged', where: 'p2', message: 'lies over p1: left out' },
  ]);
});

it('an image that is compressed as a whole is unpacked and read', async () => {
  const path = join(workFolder, 'root.squashfs.gz');
  writeFileSync(path, gzipSync(readFileSync(squashfs)));
  const { '.': _, ...listing } = await listImage(path, true);
  const { '.': __, ...wanted } = expected;
  assert.deepEqual(listing, wanted);
});

it('an image that is cut in its compressed stream gives what is left, and a problem', async () => {
  const path = join(workFolder, 'cut.ext4.gz');
  const bytes = gzipSync(readFileSync(ext4));
  writeFileSync(path, bytes.subarray(0, bytes.length / 2));
  const [target] = (await openAll(path)).targets;
  assert.equal(target?.scheme, 'ext4');
  assert.match(target?.problems[0]?.message ?? '', /gzip stream is damaged/);
});

it('an AppImage is its runtime and the squashfs behind it', async () => {
  const runtime = readFileSync(join(root, 'bin/tool'));
  runtime.write('AI\x02', 8, 'latin1');
  const path = join(workFolder, 'Tool.AppImage');
  writeFileSync(path, Buffer.concat([runtime, readFileSync(squashfs)]));
  const { 'Tool.AppImage!runtime': own, '.': _, ...listing } = await listImage(path, true);
  const { '.': __, ...wanted } = expected;
  assert.match(own ?? '', new RegExp(`^file 644 ${runtime.length} `));
  assert.deepEqual(listing, wanted);
  assert.equal((await openAll(path)).targets[0]?.kind, 'package');
});

it('an AppImage of the first type is an ISO 9660 image with the runtime in front', async () => {
  const path = image('One.AppImage', (file) => {
    tool('genisoimage', ['-quiet', '-R', '-o', file, root]);
    const runtime = readFileSync(join(root, 'bin/tool'));
    runtime.write('AI\x01', 8, 'latin1');
    const opened = openSync(file, 'r+');
    writeSync(opened, runtime, 0, runtime.length, 0);
    closeSync(opened);
  });
  const {
    'One.AppImage!runtime': own,
    '.': _,
    rr_moved: ___,
    ...listing
  } = await listImage(path, true);
  const { '.': __, ...wanted } = expected;
  assert.match(own ?? '', /^file 644 \d+ /);
  assert.deepEqual(listing, wanted);
});

it('what only looks like an AppImage is an ELF file', async () => {
  const runtime = readFileSync(join(root, 'bin/tool'));
  runtime.write('AI\x02', 8, 'latin1');
  const path = join(workFolder, 'plain-elf');
  writeFileSync(path, Buffer.concat([runtime, Buffer.alloc(100)]));
  assert.equal((await openAll(path)).targets[0]?.scheme, 'file');
});
