import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { EM, ET, SHT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import kind, { type BinaryKind } from '../../src/facts/kind.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { changedElf } from '../support/elf/elf-edits.ts';
import { repositoryRoot } from '../support/repository.ts';

const kindOf = (file: Buffer) => kind(readElf(bytesOf(file))).kind;

function sample(name: string): Buffer {
  return readFileSync(join(repositoryRoot, 'samples/elf', name));
}

/** As an attacker has it: no section header admits to code, and another section claims its bytes. */
function denied(file: Buffer, claims: RegExp): Buffer {
  return changedElf(file, (edit) => {
    for (const section of edit.sections()) {
      const flags = section.get('flags');
      if ((flags & 6n) === 6n) section.set('type', BigInt(SHT.NOBITS));
      if (!claims.test(section.name)) continue;
      section.set('offset', 0n);
      section.set('size', BigInt(file.length));
    }
  });
}

describe('debug-only, where section headers deny the code that is run', () => {
  const programs = [
    'x86_64-glibc-gcc-pie-execstack',
    'x86_64-glibc-gcc-nopie-bare',
    'x86_64-musl-gcc-nopie-bare',
    'i386-glibc-gcc-nopie-bare',
    'aarch64-glibc-gcc-nopie-bare',
    'arm-glibc-gcc-nopie-bare',
    'mips-glibc-gcc-nopie-bare',
    'x86_64-glibc-gcc-lib-bare',
    'aarch64-glibc-gcc-lib-textrel',
    'i386-glibc-gcc-lib-textrel',
  ];
  for (const name of programs) {
    it(`never is the kind of ${name}`, () => {
      const file = sample(name);
      assert.equal(kindOf(denied(file, /^\.comment$/)), kindOf(file));
      assert.equal(kindOf(denied(file, /^\.symtab$/)), kindOf(file));
    });
  }

  it('leaves the kind of a static program undecided: debug information may lie where its code would', () => {
    const file = sample('x86_64-none-gcc-static-tiny');
    assert.equal(kindOf(denied(file, /^$/)), 'static-executable');
    assert.throws(() => kindOf(denied(file, /^\.symtab$/)), MalformedElf);
  });

  it('is not a way out for code that only the rounding to pages maps', () => {
    const file = changedElf(denied(sample('x86_64-none-gcc-static-tiny'), /^$/), (edit) => {
      for (const segment of edit.segments()) {
        if (segment.get('type') === 1n && (segment.get('flags') & 1n) !== 0n)
          segment.set('filesz', 16n);
      }
    });
    assert.equal(kindOf(file), 'static-executable');
  });
});

describe('debug-only, of what tools leave', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-debug-'));
  after(() => rmSync(folder, { recursive: true }));
  const source = join(folder, 'program.c');
  writeFileSync(source, 'int main(void) { return 0; }\n');
  const built = join(folder, 'built');
  const links = ['-pie', '-no-pie', '-static', '-static-pie', '-shared -fPIC'];
  const split = (link: string, ...command: readonly string[]): BinaryKind => {
    execFileSync('gcc', ['-g', source, '-o', built, ...link.split(' ')]);
    const [name = '', ...words] = command;
    execFileSync(name, words, { cwd: folder });
    return kindOf(readFileSync(join(folder, 'split')));
  };
  for (const link of links) {
    it(`is the kind after objcopy --only-keep-debug (${link})`, () => {
      assert.equal(split(link, 'objcopy', '--only-keep-debug', 'built', 'split'), 'debug-only');
    });
    it(`is the kind after eu-strip -f (${link})`, () => {
      const command = ['eu-strip', '-f', 'split', '-o', 'stripped', 'built'];
      assert.equal(split(link, ...command), 'debug-only');
    });
  }
  it('is the kind after llvm-objcopy --only-keep-debug', () => {
    const command = ['llvm-objcopy-16', '--only-keep-debug', 'built', 'split'];
    assert.equal(split('-pie', ...command), 'debug-only');
  });
  it('is the kind of what dwz takes out of two files, and of a .dwo', () => {
    for (const name of ['one', 'two']) {
      execFileSync('gcc', ['-g', '-include', 'stdio.h', source, '-o', join(folder, name)]);
    }
    execFileSync('dwz', ['-m', 'split', 'one', 'two'], { cwd: folder });
    assert.equal(kindOf(readFileSync(join(folder, 'split'))), 'debug-only');
    execFileSync('gcc', ['-g', '-gsplit-dwarf', '-c', 'program.c'], { cwd: folder });
    assert.equal(kindOf(readFileSync(join(folder, 'program.dwo'))), 'debug-only');
  });
});

describe('kernel, where processes may be', () => {
  const base = 0x90000000;
  const ksymtab = [{ name: '__ksymtab', content: Buffer.alloc(16) }];
  const machines = { i386: EM.I386, arm: EM.ARM, ppc: EM.PPC, sparc: EM.SPARC };
  for (const [name, machine] of Object.entries(machines)) {
    const description = { bits: 32, machine, type: ET.EXEC, isDynamic: false, base } as const;
    it(`is not the kind of a static program on ${name}`, () => {
      const { elf } = buildElf({ ...description, entry: base + 0x40 });
      assert.equal(kind(elf).kind, 'static-executable');
    });
    it(`is not proven by a section __ksymtab on ${name}`, () => {
      const { elf } = buildElf({ ...description, entry: base + 0x40, sections: ksymtab });
      assert.throws(() => kind(elf), MalformedElf);
    });
  }

  it('is not the kind of a library that is linked to the upper half', () => {
    const { elf } = buildElf({ base: 0x7000000000 });
    const high = changedElf(buildElf({ base: 0 }).buffer, (edit) => {
      for (const segment of edit.segments()) {
        if (segment.get('type') === 1n) segment.set('address', 0xffffffff81000000n);
      }
    });
    assert.equal(kind(elf).kind, 'shared-library');
    assert.notEqual(kindOf(high), 'kernel');
  });

  it('is not the kind of a 64-bit program of s390x, where processes have all addresses', () => {
    const { elf } = buildElf({
      byteOrder: 'big',
      machine: EM.S390,
      type: ET.EXEC,
      isDynamic: false,
    });
    assert.equal(kind(elf).kind, 'static-executable');
  });
});

describe('kernel, where no process can be', () => {
  const kernels = [
    {
      name: 'i386, entered at a physical address',
      machine: EM.I386,
      base: 0xc1000000,
      entry: 0x1000000,
    },
    { name: 'mips', machine: EM.MIPS, base: 0x80100000, entry: 0x80100040 },
    { name: 'riscv32', machine: EM.RISCV, base: 0xc0000000, entry: 0xc0000040 },
  ];
  for (const { name, machine, base, entry } of kernels) {
    it(`is the kind for ${name}`, () => {
      const built = buildElf({ bits: 32, machine, type: ET.EXEC, isDynamic: false, base, entry });
      const file = changedElf(built.buffer, (edit) => {
        for (const segment of edit.segments()) {
          segment.set('physical', segment.get('address') - 0x80000000n);
        }
      });
      assert.equal(kindOf(file), 'kernel');
    });
  }
});
