import assert from 'node:assert/strict';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { run } from '../bench/measure.ts';
import { ET, PT, SHT } from '../src/elf/constants.ts';
import { zipOf } from './support/archives/archive-builder.ts';
import { base256, paxHeader, tarEntry, tarHeader, tarOf } from './support/archives/tar-builder.ts';
import { buildElf } from './support/elf/elf-builder.ts';
import { modulePath, program } from './support/program.ts';

/** Of CPU time: the machine of a test may be busy with others, which makes it slower, too. */
const mostSeconds = 40;
/** Of the clock, for each input: only what hangs takes as long. */
const mostMilliseconds = 1_800_000;
const mostMebibytes = 500;

const folder = mkdtempSync(join(tmpdir(), 'hostile-test-'));
after(() => rmSync(folder, { recursive: true }));

interface Attack {
  readonly name: string;
  /** Writes the input, and gives its path. */
  readonly make: (path: string) => void;
  readonly says: RegExp;
  readonly exitCode: number;
}

const gibibyte = 1024 ** 3;

const attacks: readonly Attack[] = [
  {
    name: '10 GB of zeros in 10 MB',
    make(path) {
      const size = 10 * gibibyte;
      const zeros = gzipSync(Buffer.alloc(64 * 1024 ** 2));
      writeParts(path, [gzipSync(tarHeader({ name: 'zeros', size: base256(BigInt(size), 12) }))]);
      writeParts(
        path,
        Array.from({ length: 160 }, () => zeros),
      );
    },
    says: /decompress to more than \d+, the limit is 200 times as much/,
    exitCode: 3,
  },
  {
    name: 'a directory with sparse files of 4 GB',
    make(path) {
      mkdirSync(path);
      for (const [name, content] of [
        ['elf', '\x7fELF'],
        ['other', ''],
      ] as const) {
        const file = openSync(join(path, name), 'w');
        writeSync(file, content);
        ftruncateSync(file, 4 * gibibyte);
        closeSync(file);
      }
    },
    says: /file has 4294967296 bytes, the limit is 1073741824/,
    exitCode: 3,
  },
  {
    name: 'a tar of 5 million entries',
    make(path) {
      const million = Array.from({ length: 100 }, (_, member) =>
        gzipSync(tenThousand(member), { level: 1 }),
      );
      for (let times = 0; times < 5; times += 1) writeParts(path, million);
    },
    says: /archive has more than 1000000 entries/,
    exitCode: 3,
  },
  {
    name: 'a tar with a body of 4 GB that is a hole',
    make(path) {
      const header = tarHeader({ name: 'elf', size: base256(BigInt(4 * gibibyte), 12) });
      const start = Buffer.concat([header, Buffer.from('\x7fELF')]);
      writeSparse(path, start, 512 + 4 * gibibyte + 1024);
    },
    says: /file has 4294967296 bytes, the limit is 1073741824/,
    exitCode: 3,
  },
  {
    name: 'an ELF file of 4 GB that is a hole',
    make: (path) => writeSparse(path, buildElf({}).buffer, 4 * gibibyte),
    says: /file has 4294967296 bytes, the limit is 1073741824/,
    exitCode: 3,
  },
  {
    name: '65,534 program headers',
    make: (path) => writeFileSync(path, manySegments()),
    says: /65533 PT_LOAD segments,\s+Linux maps at most 2048/,
    exitCode: 3,
  },
  {
    name: '65,535 program headers, counted by a section',
    make(path) {
      const file = manySegments();
      file.writeUInt16LE(0xffff, 56);
      file.writeUInt32LE(65_535, Number(file.readBigUInt64LE(40)) + 44);
      writeFileSync(path, file);
    },
    says: /65533 PT_LOAD segments,\s+Linux maps at most 2048/,
    exitCode: 3,
  },
  {
    name: '10 million symbols',
    make: (path) => writeLargeTable(path, SHT.SYMTAB, 240_000_000),
    says: /more than 5000000 symbols/,
    exitCode: 3,
  },
  {
    name: 'a string table of 2 GB',
    make: (path) => writeLargeTable(path, SHT.STRTAB, 2 * gibibyte),
    says: /file has 214\d+ bytes, the limit is 1073741824/,
    exitCode: 3,
  },
  {
    name: 'a zip in a zip, 100 deep',
    make(path) {
      let inner: Buffer = Buffer.from('\x7fELF');
      for (let depth = 0; depth < 100; depth += 1)
        inner = zipOf([{ name: `${depth}.zip`, body: inner }]);
      writeFileSync(path, inner);
    },
    says: /it lies in 4 other containers, which is the limit/,
    exitCode: 3,
  },
  {
    name: 'a path of 1,900 directories',
    make: (path) => {
      const name = paxHeader({ path: `${'d/'.repeat(1900)}f` });
      writeFileSync(path, tarOf(name, tarEntry({ name: 'f' })));
    },
    says: /path is more than 256 levels deep/,
    exitCode: 3,
  },
  {
    name: 'a chain of 10,000 links, and as many files behind it',
    make(path) {
      const links = Array.from({ length: 10_000 }, (_, index) =>
        tarEntry({ name: `l${index}`, flag: '2', linkName: `l${index + 1}` }),
      );
      const files = Array.from({ length: 10_000 }, (_, index) =>
        tarEntry({ name: `l${index}/file` }),
      );
      writeFileSync(path, tarOf(...links, ...files));
    },
    says: /a directory on the way is a file or a loop of links/,
    exitCode: 3,
  },
];

function manySegments(): Buffer {
  // The builder adds three of its own.
  const segments = Array.from({ length: 65_531 }, () => ({ type: PT.LOAD, flags: 7 }));
  return buildElf({ segments }).buffer;
}

/** An ELF file whose first table of this type is said to hold so many bytes, which are there: a hole at its end. */
function writeLargeTable(path: string, type: number, size: number): void {
  const built = buildElf({ type: ET.EXEC, isDynamic: false, staticSymbols: [{ name: 'main' }] });
  const index = built.elf.sections.findIndex((section) => section.type === type);
  const header = built.region('section headers').offset + index * 64;
  built.buffer.writeBigUInt64LE(BigInt(built.buffer.length), header + 24);
  built.buffer.writeBigUInt64LE(BigInt(size), header + 32);
  writeSparse(path, built.buffer, built.buffer.length + size);
}

/** Headers of empty files; those of other members have other names. */
function tenThousand(member: number): Buffer {
  const headers = Array.from({ length: 10_000 }, (_, index) =>
    tarHeader({ name: `d/${member}/file-${index}` }),
  );
  return Buffer.concat(headers);
}

function writeSparse(path: string, start: Buffer, size: number): void {
  const file = openSync(path, 'w');
  writeSync(file, start);
  ftruncateSync(file, size);
  closeSync(file);
}

function writeParts(path: string, parts: readonly Buffer[]): void {
  const file = openSync(path, 'a');
  for (const part of parts) writeSync(file, part);
  closeSync(file);
}

describe('a hostile input ends soon, in little memory, with a clear word', () => {
  for (const { name, make, says, exitCode } of attacks) {
    it(name, { timeout: mostMilliseconds }, async (test) => {
      const path = join(folder, name.replace(/\W+/g, '-'));
      make(path);
      const words = ['--import', modulePath('bench/print-peak'), program, path];
      const result = await run(process.execPath, [...words, '--no-cache', '--all', '-o', 'text']);
      test.diagnostic(`${result.cpuSeconds?.toFixed(1)} s, ${result.peak?.toFixed(0)} MiB`);
      assert.equal(result.exitCode, exitCode, result.output);
      assert.match(result.output.replace(/\s+/g, ' '), says);
      assert.ok((result.cpuSeconds ?? 0) < mostSeconds, `${result.cpuSeconds} s`);
      assert.ok((result.peak ?? 0) < mostMebibytes, `${result.peak} MiB`);
      rmSync(path, { recursive: true });
    });
  }
});
