import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { canaryCode } from '../../src/code/canaries/canary.ts';
import { guardReferences } from '../../src/code/canaries/guard-references.ts';
import { functionsOf } from '../../src/code/functions/functions.ts';
import { EM, ET, SHF, STT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { type BuiltElf, buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import { processorTime } from '../support/processor-time.ts';
import { repositoryRoot } from '../support/repository.ts';

type Symbols = NonNullable<ElfDescription['staticSymbols']>;

const largest = 0xffff_ffff_ffff_ffffn;
const functionAt = (value: number | bigint, size: number, more = {}) => ({
  name: 'f',
  defined: true,
  value,
  size,
  ...more,
});

const tables: readonly {
  readonly name: string;
  readonly symbols: Symbols;
  readonly machine?: number;
  readonly want: readonly (readonly [start: number, end: number])[];
}[] = [
  {
    name: 'are those of the symbols, in the order of the code',
    symbols: [functionAt(32, 16), functionAt(0, 20)],
    want: [
      [0, 20],
      [32, 48],
    ],
  },
  {
    name: 'are one where they share code: aliases, and entry points inside others',
    symbols: [functionAt(0, 20), functionAt(0, 20), functionAt(10, 30), functionAt(40, 4)],
    want: [
      [0, 40],
      [40, 44],
    ],
  },
  {
    name: 'are neither data nor labels, and have a definition and a size',
    symbols: [
      functionAt(0, 8, { type: STT.OBJECT }),
      functionAt(0, 8, { type: STT.NOTYPE }),
      functionAt(0, 8, { defined: false }),
      functionAt(16, 0),
      functionAt(24, 8, { type: STT.GNU_IFUNC }),
    ],
    want: [[24, 32]],
  },
  {
    name: 'end in their section, however large their symbols say that they are',
    symbols: [
      functionAt(60, 5),
      functionAt(64, 1),
      functionAt(largest, 1),
      functionAt(largest - 7n, 16),
      functionAt(8, 0xffff_ffff),
      functionAt(60, 4),
    ],
    want: [[60, 64]],
  },
  {
    name: 'begin at even offsets on ARM, where bit 0 is the instruction set',
    machine: EM.ARM,
    symbols: [functionAt(5, 8)],
    want: [[4, 12]],
  },
];

describe('the functions of an object file', () => {
  for (const { name, symbols, machine = EM.X86_64, want } of tables) {
    it(name, () => {
      const built = object({ machine, code: Buffer.alloc(64), staticSymbols: symbols });
      assert.deepEqual(spansOf(built), want);
    });
  }

  it('are not known without symbols', () => {
    const functions = functionsOf(object({ code: Buffer.alloc(64), staticSymbols: [] }).elf);
    assert.equal(functions.known, false);
  });

  it('are not read out of sections of data', () => {
    const built = object({ code: Buffer.alloc(64), staticSymbols: [functionAt(0, 8)] });
    const text = built.elf.sections.find(({ name }) => name === '.text');
    assert.equal(text?.flags, SHF.ALLOC | SHF.EXECINSTR);
    const headerAt = Number(built.elf.header.sectionHeaderOffset) + 64;
    built.buffer.writeBigUInt64LE(SHF.ALLOC, headerAt + 8);
    assert.equal(functionsOf(readElf(bytesOf(built.buffer))).known, false);
  });

  it('take no more time than their symbols, though a million claim the same code', () => {
    const many = Array.from({ length: 1_000_000 }, (_, index) => functionAt(index % 32, 32));
    const { elf } = object({ code: Buffer.alloc(64), staticSymbols: many });
    assert.equal(elf.staticSymbols.length, many.length);
    const begun = processorTime();
    const functions = functionsOf(elf);
    assert.deepEqual([functions.known && functions.table.length], [1]);
    // Something quadratic would take days.
    assert.ok(processorTime(begun) < 100_000);
  });
});

describe('references to the guard', () => {
  const staticSymbols = [
    { name: '__stack_chk_fail' },
    { name: '__stack_chk_guard' },
    { name: 'memcpy' },
    { name: '__stack_chk_fail_local', defined: true },
  ];
  const references = (relocations: NonNullable<ElfDescription['relocations']>) => {
    const built = object({ code: Buffer.alloc(64), staticSymbols, relocations });
    return guardReferences(built.elf).map((offset) => offset - built.region('code').offset);
  };

  it('are the relocations against undefined symbols of its names, in the order of the code', () => {
    assert.deepEqual(
      references([
        { type: 4, symbol: '__stack_chk_fail', at: 40 },
        { type: 4, symbol: 'memcpy', at: 16 },
        { type: 9, symbol: '__stack_chk_guard', at: 8 },
        { type: 4, symbol: '__stack_chk_fail_local', at: 24 },
      ]),
      [8, 40],
    );
  });

  it('lie in the code, whatever their relocations say', () => {
    assert.deepEqual(
      references([
        { type: 4, symbol: '__stack_chk_fail', at: 64 },
        { type: 4, symbol: '__stack_chk_fail', at: largest },
        { type: 4, symbol: '__stack_chk_fail', at: 63 },
      ]),
      [63],
    );
  });
});

describe('canaries in object files', () => {
  const machines = ['i386', 'aarch64', 'arm', 'riscv64', 'ppc64le', 's390x', 'mips'];
  const protectedOnes = [
    'x86_64-glibc-gcc-object-hardened',
    'aarch64-glibc-clang-object-strong',
    ...machines.map((machine) => `${machine}-glibc-gcc-object-strong`),
  ];
  for (const name of protectedOnes) {
    it(`are seen in each function of ${name} that needs one`, () => {
      const { coverage, found } = extentOf(name);
      assert.ok(found && coverage !== null && coverage.needing >= 7, JSON.stringify(coverage));
      assert.equal(coverage.needingProtected, coverage.needing);
      assert.ok(coverage.functions > coverage.needing);
    });
  }

  const bare = [
    'x86_64-glibc-gcc-object-ssp-none',
    ...machines.map((machine) => `${machine}-glibc-gcc-object-none`),
  ];
  for (const name of bare) {
    it(`are missing in every function of ${name}`, () => {
      const { coverage, found } = extentOf(name);
      assert.ok(!found && coverage !== null && coverage.needing >= 7, JSON.stringify(coverage));
      assert.equal(coverage.protected, 0);
    });
  }
});

function object(description: ElfDescription): BuiltElf {
  return buildElf({ type: ET.REL, ...description });
}

function spansOf(built: BuiltElf): (readonly [number, number])[] {
  const functions = functionsOf(built.elf);
  if (!functions.known) return [];
  const { length, starts, ends } = functions.table;
  const { offset } = built.region('code');
  return Array.from({ length }, (_, index) => [
    (starts[index] ?? 0) - offset,
    (ends[index] ?? 0) - offset,
  ]);
}

function extentOf(name: string) {
  const bytes = readFileSync(join(repositoryRoot, 'samples/elf', name));
  const code = canaryCode(readElf(bytesOf(bytes)));
  assert.ok(code !== null);
  return code.whole;
}
