import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { STT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import kind from '../../src/facts/kind.ts';
import libc from '../../src/facts/libc.ts';
import { buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import { libcDescription, libcFunctions } from '../support/elf/libc-description.ts';

const factsOf = (file: Buffer) => {
  const elf = readElf(bytesOf(file));
  return `${kind(elf).kind}: ${libc(elf).name}, ${libc(elf).how}`;
};

const musl = '/usr/lib/x86_64-linux-musl/libc.so';
const glibc = execFileSync('gcc', ['-print-file-name=libc.so.6'], { encoding: 'utf8' }).trim();
const glibcLoader = execFileSync('gcc', ['-print-file-name=ld-linux-x86-64.so.2'], {
  encoding: 'utf8',
}).trim();

describe('libc, of the real ones', () => {
  const real = [
    { file: musl, is: 'loader: musl, itself' },
    { file: glibc, is: 'executable-library: glibc, itself' },
    { file: glibcLoader, is: 'loader: glibc, itself' },
  ].filter(({ file }) => existsSync(file));
  it('has one to look at', () => assert.notEqual(real.length, 0));
  for (const { file, is } of real) {
    it(`is itself: ${file}`, () => assert.equal(factsOf(readFileSync(file)), is));
  }
});

describe('libc, where functions of one are offered', () => {
  const description = libcDescription({ soname: 'libc.musl-x86_64.so.1' });
  type Symbols = NonNullable<ElfDescription['symbols']>;
  const changed = (change: (symbols: Symbols) => Symbols) =>
    libc(buildElf({ ...description, symbols: change(description.symbols ?? []) }).elf).how;
  it('is itself where each has its code', () => {
    assert.equal(
      changed((symbols) => symbols),
      'itself',
    );
  });
  for (const name of libcFunctions) {
    it(`is not without ${name}`, () => {
      const other = (each: Symbols[number]) =>
        each.name === name ? { ...each, name: `${name}x`.slice(1) } : each;
      assert.notEqual(
        changed((symbols) => symbols.map(other)),
        'itself',
      );
    });
  }
  const forged = {
    'all are at one place': { value: description.symbols?.[0]?.value ?? 0 },
    'they have no code': { value: 0x900000 },
    'they are next to nothing of the code': { size: 0 },
    'they are data': { type: STT.OBJECT },
  };
  for (const [name, change] of Object.entries(forged)) {
    it(`is not where ${name}`, () => {
      assert.notEqual(
        changed((symbols) => symbols.map((each) => ({ ...each, ...change }))),
        'itself',
      );
    });
  }
});

describe('libc, where a program calls itself one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-libc-'));
  after(() => rmSync(folder, { recursive: true }));
  const source = join(folder, 'program.c');
  writeFileSync(source, 'int main(void) { return 0; }\n');
  for (const soname of ['libc.so.6', 'ld-linux.so.2', 'libc.musl-x86_64.so.1']) {
    for (const link of ['-pie', '-no-pie', '-static-pie']) {
      it(`is not itself: ${link} -soname ${soname}`, () => {
        const built = join(folder, 'built');
        execFileSync('gcc', [source, '-o', built, link, `-Wl,-soname,${soname}`]);
        assert.doesNotMatch(factsOf(readFileSync(built)), /itself|library|loader/);
      });
    }
  }
});
