import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import { bzImageOf, kernelOf, withSize, zbootOf } from '../support/elf/kernel-image.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { mutationsOf } from '../support/mutations.ts';
import { repositoryRoot } from '../support/repository.ts';
import { tarOf } from './image-builder.ts';
import { folder, writeFile } from './workbench.ts';

const samples = join(repositoryRoot, 'samples/elf');
const kernel = kernelOf(readFileSync(join(samples, 'aarch64-none-gcc-static-tiny')));
const module = readFileSync(join(samples, 'x86_64-none-gcc-module-retpoline'));

function packed(bytes: Buffer, program: string, ...words: string[]): Buffer {
  return execFileSync(program, ['-c', ...words], { input: bytes, maxBuffer: 2 ** 28 });
}

const look = (t: TestContext, bytes: Buffer, name = 'vmlinuz') => lookAt(writeFile(t, bytes, name));

async function lookAt(path: string): Promise<readonly string[]> {
  const source = await openTarget(path, { platform: null, limits: defaultLimits });
  try {
    const lines: string[] = [];
    for (const { scheme, problems, layers } of source.targets) {
      lines.push(`${scheme} ${problems.map(({ kind, message }) => `${kind}: ${message}`)}`.trim());
      for (const layer of layers) {
        for await (const entry of layer.entries(() => {})) {
          const hash = createHash('sha256');
          for await (const piece of entry.body()) hash.update(piece);
          lines.push(`${entry.path} ${entry.size} ${hash.digest('hex')}`);
        }
      }
    }
    return lines;
  } finally {
    await source.close();
  }
}

const line = (name: string, bytes: Buffer) =>
  `${name} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;

const compressions: readonly (readonly [name: string, payload: Buffer])[] = [
  ['gzip', gzipSync(kernel)],
  ['xz', withSize(packed(kernel, 'xz', '--check=crc32'), kernel.length)],
  ['zstd', withSize(packed(kernel, 'zstd', '-q'), kernel.length)],
  ['lzma', withSize(packed(kernel, 'lzma'), kernel.length)],
  ['bzip2', withSize(packed(kernel, 'bzip2'), kernel.length)],
  ['lz4', withSize(packed(kernel, 'lz4', '-q', '-l'), kernel.length)],
  ['lzo', withSize(packed(kernel, 'lzop', '-q'), kernel.length)],
];

for (const [name, payload] of compressions) {
  test(`the kernel in a bzImage of ${name} is its vmlinux`, async (t) => {
    assert.deepEqual(await look(t, bzImageOf(payload)), ['kernel', line('vmlinux', kernel)]);
  });

  test(`the kernel in a zboot image of ${name} is its vmlinux`, async (t) => {
    assert.deepEqual(await look(t, zbootOf(payload, name)), ['kernel', line('vmlinux', kernel)]);
  });
}

function flatImage(): Buffer {
  const image = Buffer.alloc(4096, 0x1f);
  image.write('ARM\x64', 56, 'latin1');
  return image;
}

/** What a boot loader starts as a kernel, without one in it. */
function startedAsKernel(protocol: number, name: string): Buffer {
  const image = bzImageOf(Buffer.alloc(0), protocol);
  image.writeUInt32LE(0, 0x248);
  if (name === '') return image;
  image.writeUInt16LE(0x100, 0x20e);
  image.write(`${name}\0`, 0x300, 'latin1');
  return image;
}

const others: readonly { name: string; bytes: Buffer; says: RegExp }[] = [
  {
    name: 'a bzImage of before 2.6.26',
    bytes: bzImageOf(gzipSync(kernel), 0x206),
    says: /^kernel notice: it is what boot loaders start by protocol 2\.06 for x86, which has no ELF file in it/,
  },
  {
    name: 'iPXE as boot loaders start it',
    bytes: startedAsKernel(0x207, '1.0.0+git-20190125 \x1b[1m'),
    says: /^kernel notice: it is what boot loaders start by protocol 2\.07 for x86, version "1\.0\.0\+git-20190125 \?\?1m", which has no ELF file in it to judge$/,
  },
  {
    name: 'a memory test whose header has no payload',
    bytes: startedAsKernel(0x20c, 'Memtest86+ v6.10'),
    says: /^kernel notice: it is what boot loaders start as a kernel for x86, version "Memtest86\+ v6\.10", which has no ELF file in it to judge$/,
  },
  {
    name: 'a bzImage with a payload of no bytes at a place',
    bytes: bzImageOf(Buffer.alloc(0)),
    says: /^kernel damaged: its compressed kernel of 0 bytes is at 1324/,
  },
  {
    name: 'a flat Image',
    bytes: flatImage(),
    says: /^kernel notice: it is a kernel for aarch64 \(Image\), which has no ELF file in it to judge$/,
  },
  {
    name: 'a zboot image of a flat Image',
    bytes: zbootOf(gzipSync(flatImage()), 'gzip'),
    says: /^kernel notice: it is a kernel that EFI starts, packed by gzip, whose content is plain memory, without an ELF file in it$/,
  },
  {
    name: 'a zboot image of something else',
    bytes: zbootOf(gzipSync(Buffer.alloc(4096, 1)), 'gzip'),
    says: /^kernel unsupported: it is a kernel that EFI starts, packed by gzip, whose content is not an ELF file/,
  },
  {
    name: 'a bzImage whose payload lies behind its end',
    bytes: bzImageOf(gzipSync(kernel)).subarray(0, 1400),
    says: /^kernel damaged: its compressed kernel of \d+ bytes is at 1324, and the file ends at 1400$/,
  },
  {
    name: 'a bzImage that xz packed with a filter that is not known',
    bytes: bzImageOf(withSize(packed(kernel, 'xz', '--ia64', '--lzma2'), kernel.length)),
    says: /^kernel damaged: xz stream is damaged after 0 bytes of content: it has a filter that is not known/,
  },
];

for (const { name, bytes, says } of others) {
  test(`${name} is named for what it is`, async (t) => {
    const [first = '', ...rest] = await look(t, bytes);
    assert.match(first, says);
    assert.deepEqual(rest, []);
  });
}

for (const [ending, bytes] of [
  ['gz', gzipSync(module)],
  ['xz', packed(module, 'xz')],
  ['zst', packed(module, 'zstd', '-q')],
  ['bz2', packed(module, 'bzip2')],
] as const) {
  test(`a module in .ko.${ending} is judged as a module, alone and in a root`, async (t) => {
    const name = `sample.ko.${ending}`;
    assert.deepEqual(await look(t, bytes, name), ['packed', line('sample.ko', module)]);
    const place = folder(t);
    const root = writeFile(
      t,
      await tarOf([{ name: `lib/modules/${name}`, body: bytes }]),
      'root.tar',
    );
    const { stdout } = hullcheckIn(place)([root, '--no-cache', '-q', '-o', 'json']);
    const [binary] = JSON.parse(stdout).targets[0].binaries;
    assert.equal(binary.facts.kind.value.kind, 'kernel-module');
    assert.match(binary.path, /^\/lib\/modules\/sample\.ko\.\w+!\/sample\.ko$/);
  });
}

test('a kernel in a root is judged as a kernel, and by no rule for programs', async (t) => {
  const bytes = bzImageOf(gzipSync(kernel));
  const padded = Buffer.concat([bytes, Buffer.alloc(70_000)]);
  const root = writeFile(t, await tarOf([{ name: 'boot/vmlinuz', body: padded }]), 'root.tar');
  const { stdout } = hullcheckIn(folder(t))([root, '--no-cache', '-q', '-o', 'json']);
  const [binary] = JSON.parse(stdout).targets[0].binaries;
  assert.equal(binary.path, '/boot/vmlinuz!/vmlinux');
  const judged = binary.verdicts
    .filter(({ outcome }: { outcome: string }) => outcome !== 'not-applicable')
    .map(({ rule }: { rule: string }) => rule);
  assert.deepEqual(judged, ['build-id']);
});

test('a kernel that is cut or changed gives what is left or its own error', async (t) => {
  const path = writeFile(t, Buffer.alloc(0), 'vmlinuz');
  for (const whole of [bzImageOf(gzipSync(kernel)), zbootOf(gzipSync(kernel), 'gzip')]) {
    for (const bytes of mutationsOf(whole.subarray(0, 3000), 60)) {
      if (bytes.length < 3000 && bytes.length % 61 !== 0) continue;
      writeFileSync(path, bytes);
      try {
        await lookAt(path);
      } catch (error) {
        assert.ok(error instanceof DamagedInput || error instanceof UsageError, String(error));
      }
    }
  }
});
