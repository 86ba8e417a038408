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
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { run } from '../bench/measure.ts';
import { ET, PT, SHT } from '../src/elf/constants.ts';
import { buildElf } from './support/elf-builder.ts';
import { base256, tarEntry, tarHeader, tarOf } from './support/tar-builder.ts';

/** Of CPU time: the machine of a test may be busy with others. */
const mostSeconds = 20;
const mostMebibytes = 500;

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
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
      const headers = Array.from({ length: 10_000 }, (_, index) =>
        tarHeader({ name: `d/${index}` }),
      );
      const member = gzipSync(Buffer.concat(headers));
      writeParts(
        path,
        Array.from({ length: 500 }, () => member),
      );
    },
    says: /archive has more than 1000000 entries/,
    exitCode: 3,
  },
  {
    name: '65,530 program headers',
    make(path) {
      const segments = Array.from({ length: 65_527 }, () => ({ type: PT.LOAD, flags: 7 }));
      writeFileSync(path, buildElf({ segments }).buffer);
    },
    says: /well-formed/,
    exitCode: 1,
  },
  {
    name: '10 million symbols',
    make(path) {
      const built = buildElf({
        type: ET.EXEC,
        isDynamic: false,
        staticSymbols: [{ name: 'main' }],
      });
      const index = built.elf.sections.findIndex(({ type }) => type === SHT.SYMTAB);
      const header = built.region('section headers').offset + index * 64;
      built.buffer.writeBigUInt64LE(BigInt(built.buffer.length), header + 24);
      built.buffer.writeBigUInt64LE(240_000_000n, header + 32);
      writeParts(path, [built.buffer]);
      const file = openSync(path, 'r+');
      ftruncateSync(file, built.buffer.length + 240_000_000);
      closeSync(file);
    },
    says: /the tables of this ELF file decode to more than 1073741824 bytes/,
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

function writeParts(path: string, parts: readonly Buffer[]): void {
  const file = openSync(path, 'a');
  for (const part of parts) writeSync(file, part);
  closeSync(file);
}

describe('a hostile input ends soon, in little memory, with a clear word', {
  timeout: 600_000,
}, () => {
  for (const { name, make, says, exitCode } of attacks) {
    it(name, async () => {
      const path = join(folder, name.replace(/\W+/g, '-'));
      make(path);
      const words = ['--import', here('../bench/print-peak.js'), here('../src/cli.js'), path];
      const result = await run(process.execPath, [...words, '--no-cache', '--all', '-o', 'text']);
      assert.equal(result.exitCode, exitCode, result.output);
      assert.match(result.output.replace(/\s+/g, ' '), says);
      assert.ok((result.cpuSeconds ?? 0) < mostSeconds, `${result.cpuSeconds} s`);
      assert.ok((result.peak ?? 0) < mostMebibytes, `${result.peak} MiB`);
      rmSync(path, { recursive: true });
    });
  }
});
