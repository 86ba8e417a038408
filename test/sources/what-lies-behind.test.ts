import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { rules } from '../../rules/index.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { zipOf } from '../support/archives/archive-builder.ts';
import { tarEntry, tarOf } from '../support/archives/tar-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'carried-test-'));
after(() => rmSync(folder, { recursive: true }));

const elf = readFileSync(
  join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-staticpie-strong-stripped'),
);
/** Its file `/bin/hard` begins as an ELF file does. */
const squashfs = gunzipSync(readFileSync(join(repositoryRoot, 'fuzz/seeds/xz.squashfs.gz')));
const jar = zipOf([{ name: 'native/x.so', body: elf }]);
const archive = gzipSync(tarOf(tarEntry({ name: 'native/x.so' }, elf)));

async function scanned(path: string): Promise<TargetReport> {
  const report = await scan([path], {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  });
  const [target] = report.targets;
  assert.ok(target);
  return target;
}

/** One frame with one block, stored as it is. */
function lz4Of(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE((bytes.length | 0x80000000) >>> 0);
  return Buffer.concat([Buffer.from('04224d18607073', 'hex'), size, bytes, Buffer.alloc(4)]);
}

function written(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const script = Buffer.from('#!/bin/bash\nexec java -jar "$0" "$@"\nexit 0\n');
const users = Buffer.from('root:x:0:0:root:/root:/bin/sh\n');
const after64 = Buffer.alloc(70_000, 'x');
const marked = Buffer.from(elf);
marked.write('AI\x02', 8, 'latin1');
/** The table of section headers is said to be at the end of the file: the kernel does not look. */
const overTable = Buffer.from(elf);
overTable.writeBigUInt64LE(BigInt(elf.length + 3 + squashfs.length), 40);

const so = '/native/x.so';
const cases = [
  { name: 'a zip behind a script', bytes: [script, jar], inside: so },
  { name: 'a zip behind a long script', bytes: [script, after64, jar], inside: so },
  { name: 'a zip behind a program', bytes: [elf, jar], inside: so },
  { name: 'a zip behind a program for Windows', bytes: [Buffer.from('MZ\x90\0'), jar], inside: so },
  { name: 'a module of Java', bytes: [Buffer.from('JM\x01\0', 'latin1'), jar], inside: so },
  { name: 'a zip behind anything', bytes: [Buffer.from([0x99]), jar], inside: so },
  { name: 'a zip with bytes behind it', bytes: [jar, Buffer.from('signed')], inside: so },
  { name: 'a zip between others', bytes: [script, jar, Buffer.from('signed')], inside: so },
  { name: 'a squashfs behind a program', bytes: [elf, squashfs], inside: '/bin/hard' },
  { name: 'a squashfs behind a marked program', bytes: [marked, squashfs], inside: '/bin/hard' },
  {
    name: 'a squashfs that is not aligned',
    bytes: [elf, Buffer.from('xyz'), squashfs],
    inside: '/bin/hard',
  },
  {
    name: 'a squashfs in front of what is said to be the table of sections',
    bytes: [overTable, Buffer.from('xyz'), squashfs],
    inside: '/bin/hard',
  },
  { name: 'a tar behind a script', bytes: [script, archive], inside: so },
  { name: 'a zip behind what looks like a list of users', bytes: [users, jar], inside: so },
];

const behind = [
  { name: 'a compressed tar', bytes: archive, says: 'a compressed stream' },
  { name: 'a tar', bytes: tarOf(tarEntry({ name: 'x' }, elf)), says: 'a tar' },
  { name: 'an ELF file', bytes: elf, says: 'a further ELF file' },
];

for (const { name, bytes, says } of behind) {
  const program = Buffer.concat([elf, bytes]);
  const packed = tarOf(tarEntry({ name: 'pkg/app' }, program));
  for (const [form, whole] of [
    ['as an input', program],
    ['in a package', packed],
  ] as const) {
    it(`${name} behind a program is reported, ${form}`, async () => {
      const { problems } = await scanned(written('behind', whole));
      const text = problems.map(({ kind, message }) => `${kind} ${message}`).join();
      assert.ok(text.startsWith(`unsupported it is a program with ${says} behind it`), text);
    });
  }
}

const skipped = Buffer.concat([Buffer.from('502a4d1805000000', 'hex'), Buffer.from('hello')]);

it('a stream of lz4 that begins with a frame to be skipped is unpacked', async () => {
  const tar = tarOf(tarEntry({ name: 'opt/x' }, Buffer.concat([skipped, lz4Of(elf)])));
  assert.ok(
    pathsOf(await scanned(written('lz4.tar', tar))).some((path) => path.startsWith('/opt/x!')),
  );
});

it('what is compressed twice is reported, since it is not read', async () => {
  const tar = tarOf(tarEntry({ name: 'pkg/x.tar.gz.gz' }, gzipSync(archive)));
  const { problems } = await scanned(written('twice.tar', tar));
  assert.match(
    problems.map(({ kind, message }) => `${kind} ${message}`).join(),
    /^unsupported it is a file that is compressed twice \(gzip\)/,
  );
});

const pathsOf = ({ binaries }: TargetReport) => binaries.map(({ path }) => path);

describe('what lies behind the beginning of a file is found', () => {
  for (const { name, bytes, inside } of cases) {
    const whole = Buffer.concat(bytes);
    const holder = (path: string) => `${path}!${inside}`;
    it(`${name}, as an input`, async () => {
      const target = await scanned(written('input', whole));
      assert.ok(pathsOf(target).includes(inside), pathsOf(target).join());
    });
    for (const [outer, pack] of [
      ['a tar', (tar: Buffer) => tar],
      ['a compressed tar', (tar: Buffer) => gzipSync(tar)],
    ] as const) {
      it(`${name}, in ${outer}`, async () => {
        const tar = tarOf(tarEntry({ name: 'etc/x' }), tarEntry({ name: 'opt/app' }, whole));
        const target = await scanned(written('root.tar', pack(tar)));
        assert.ok(pathsOf(target).includes(holder('/opt/app')), pathsOf(target).join());
      });
    }
    it(`${name}, in a folder`, async () => {
      const root = mkdtempSync(join(folder, 'root-'));
      mkdirSync(join(root, 'opt'));
      writeFileSync(join(root, 'opt/app'), whole);
      assert.ok(pathsOf(await scanned(root)).includes(holder('/opt/app')));
    });
    it(`${name}, in a zip`, async (t) => {
      // There a file is unpacked whole only where it begins as a script or a program does.
      if (name === 'a zip behind anything') return t.diagnostic('not looked for');
      const target = await scanned(written('a.zip', zipOf([{ name: 'app', body: whole }])));
      assert.ok(pathsOf(target).includes(holder('/app')), pathsOf(target).join());
    });
  }
});

it('a program that carries something is judged, once', async () => {
  for (const carried of [jar, squashfs]) {
    const target = await scanned(written('program', Buffer.concat([elf, carried])));
    assert.equal(pathsOf(target).filter((path) => path.includes('program')).length, 1);
  }
});

it('entries of another zip in front of one are not passed over', async () => {
  const two = Buffer.concat([jar, zipOf([{ name: 'readme', body: 'text' }])]);
  const { problems } = await scanned(written('two.zip', two));
  assert.match(
    problems.map(({ kind, message }) => `${kind} ${message}`).join(),
    /^unsupported entries of another zip/,
  );
});

it('a zip that is cut inside a zip in it is not taken for that one', async () => {
  const outer = zipOf([
    { name: 'inner.jar', body: jar, method: 0 },
    { name: 'more', body: 'x'.repeat(50), method: 0 },
  ]);
  const { problems } = await scanned(written('cut.zip', outer.subarray(0, jar.length + 100)));
  assert.ok(problems.some(({ kind }) => kind !== 'notice'));
});

it('a script, a program and a text that carry nothing are what they were', async () => {
  const tar = tarOf(
    tarEntry({ name: 'a.sh' }, script),
    tarEntry({ name: 'b' }, elf),
    tarEntry({ name: 'c' }, Buffer.alloc(200_000, 'PK\x05\x06 is how it ends ', 'latin1')),
  );
  const target = await scanned(written('plain.tar', gzipSync(tar)));
  assert.deepEqual(pathsOf(target), ['/b']);
  assert.deepEqual(target.problems, []);
});

it('an image with the metadata of firmware behind its gzip stream is read whole', async () => {
  const image = gunzipSync(readFileSync(join(repositoryRoot, 'fuzz/seeds/four.ext.gz')));
  const path = written('image.gz', Buffer.concat([gzipSync(image), Buffer.from('FWx0 metadata')]));
  const { problems, binaries } = await scanned(path);
  assert.equal(binaries.length, 1);
  assert.deepEqual(
    problems.filter(({ kind }) => kind === 'notice').map(({ message }) => message),
    ['13 bytes behind the gzip stream were not read'],
  );
});
