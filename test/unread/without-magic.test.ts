import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { elfSampleNames, readElfSample } from '../../fuzz/samples.ts';
import { rules } from '../../rules/index.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { mayLackMagic, withoutMagic } from '../../src/unread/without-magic.ts';
import { zipOf } from '../support/archives/archive-builder.ts';
import { tarEntry, tarOf } from '../support/archives/tar-builder.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

/** Any 16 bytes stand before what musl's loader reads. */
function withFront(name: string, front: string): Buffer {
  const bytes = Buffer.from(sampleBinary(name));
  bytes.fill(0, 0, 16).write(front, 'latin1');
  return bytes;
}

const musl = 'aarch64-musl-clang-pie-hardened';
const script = withFront(musl, '#!/lib/l\n');

/** The headers moved to the end, with room between them. */
function withStride(stride: number): Buffer {
  const offset = Number(script.readBigUInt64LE(32));
  const count = script.readUInt16LE(56);
  const table = Buffer.alloc(stride * count);
  for (let index = 0; index < count; index += 1)
    script.copy(table, index * stride, offset + index * 56, offset + (index + 1) * 56);
  const bytes = Buffer.concat([script, table]);
  bytes.writeBigUInt64LE(BigInt(script.length), 32);
  bytes.writeUInt16LE(stride, 54);
  return bytes;
}

function edited(at: number, value: number): Buffer {
  const bytes = Buffer.from(script);
  bytes.writeUInt16LE(value, at);
  return bytes;
}

function withoutDynamic(): Buffer {
  const bytes = Buffer.from(script);
  for (let at = 64; at < 64 + 56 * bytes.readUInt16LE(56); at += 56)
    if (bytes.readUInt32LE(at) === 2) bytes.writeUInt32LE(0, at);
  return bytes;
}

describe('a program or library that musl takes without the magic is known by its headers', () => {
  const cases: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['that is a script for Linux', script],
    ['that begins with zeros', withFront(musl, '')],
    ['that begins as a gzip does', withFront(musl, '\x1f\x8b\x08')],
    ['that begins as a zip does', withFront(musl, 'PK\x03\x04')],
    ['that lacks one byte of the magic', withFront(musl, '\x7fELf\x02\x01\x01')],
    ['of 32 bits', withFront('arm-musl-gcc-pie-hardened-stripped', '')],
    ['of 32 bits and big-endian', withFront('mips-glibc-gcc-pie-hardened', '')],
    ['of 64 bits and big-endian', withFront('s390x-glibc-gcc-nopie-bare', '')],
    ['that is a library', withFront('aarch64-musl-gcc-lib-hardened', '')],
    ['whose headers lie apart, at its end', withStride(64)],
    ['whose headers lie far apart', withStride(0x8000)],
    ['that is for a machine of no name', edited(18, 0xfffe)],
  ];
  for (const [name, bytes] of cases)
    it(name, async () => {
      assert.ok(mayLackMagic(bytes.subarray(0, 512), bytes.length));
      assert.equal((await withoutMagic(bufferAccess(bytes)))?.size, bytes.length);
    });
});

describe('what only looks alike is none', () => {
  const cases: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['an object file', edited(16, 1)],
    ['headers of no size', edited(54, 0)],
    ['no headers', edited(56, 0)],
    ['headers behind the end of the file', edited(56, 0xffff)],
    ['a program without a dynamic section', withoutDynamic()],
    ['a text', Buffer.from('#!/bin/sh\necho this is a text, and so it is none\n'.repeat(3))],
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(4096)],
    ['half a header', script.subarray(0, 40)],
  ];
  for (const [name, bytes] of cases)
    it(name, async () => assert.equal(await withoutMagic(bufferAccess(bytes)), null));
  it('each ELF sample', async () => {
    for (const name of elfSampleNames())
      assert.equal(await withoutMagic(bufferAccess(readElfSample(name))), null);
  });
});

describe('a program without the magic leaves the gate without an answer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'without-magic-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const good = sampleBinary('x86_64-musl-gcc-staticpie-strong-stripped');
  const release = { 'etc/os-release': Buffer.from('ID=x\n') };
  type Tree = Readonly<Record<string, Buffer>>;
  const tarOfTree = (tree: Tree) =>
    tarOf(...Object.entries(tree).map(([name, body]) => tarEntry({ name }, body)));
  const inFolder = (name: string, tree: Tree) => {
    for (const [path, bytes] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true });
      writeFileSync(join(folder, name, path), bytes);
    }
    return join(folder, name);
  };
  const inFile = (name: string, bytes: Buffer) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const cases: readonly {
    readonly name: string;
    readonly make: () => string;
    readonly where: RegExp;
  }[] = [
    {
      name: 'in a root',
      make: () => inFolder('root', { good, ...release, 'bin/app': script }),
      where: /^\/bin\/app$/,
    },
    {
      name: 'in the tar of a root',
      make: () => inFile('root.tar', tarOfTree({ good, ...release, 'bin/app': script })),
      where: /^\/bin\/app$/,
    },
    {
      name: 'in the compressed tar of a root',
      make: () => inFile('root.tgz', gzipSync(tarOfTree({ good, ...release, 'bin/app': script }))),
      where: /^\/bin\/app$/,
    },
    {
      name: 'with the mark of a zip, in a root',
      make: () => inFolder('zip', { good, ...release, 'bin/app': withFront(musl, 'PK\x03\x04') }),
      where: /^\/bin\/app$/,
    },
    {
      name: 'in the place of a text that is read',
      make: () => inFolder('text', { good, 'etc/os-release': script }),
      where: /^\/etc\/os-release$/,
    },
    {
      name: 'in an archive of a root',
      make: () =>
        inFolder('inner', { good, ...release, 'a.zip': zipOf([{ name: 'app', body: script }]) }),
      where: /^\/a\.zip!\/app$/,
    },
    {
      name: 'in a dependency',
      make: () => inFolder('dependency', { good, 'node_modules/thing/app': script }),
      where: /^\/node_modules\/thing\/app$/,
    },
  ];
  for (const { name, make, where } of cases)
    it(name, async () => {
      const report = await scan([make()], {
        input: plainInput,
        judging: { rules, policy: plainPolicy({ failOn: 'critical' }) },
        running: { jobs: 1 },
      });
      assert.equal(exitCodeOf(report.gate), 3);
      const reported = report.targets[0]?.problems.filter(({ kind }) => kind !== 'notice') ?? [];
      assert.deepEqual(
        reported.map(({ kind }) => kind),
        ['unsupported'],
      );
      assert.match(reported[0]?.where ?? '', where);
    });
});
