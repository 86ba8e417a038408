import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { doomedStart } from '../../src/code/start/doomed-start.ts';
import { systemCalls } from '../../src/code/system-calls.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import kind, { type BinaryKind } from '../../src/facts/kind.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = join(repositoryRoot, 'samples/elf');
const sample = (name: string) => readFileSync(join(folder, name));
const elfOf = (file: Buffer) => readElf(bytesOf(file));

const kinds: readonly { name: string; want: BinaryKind; inDoubt?: true }[] = [
  { name: 'arm-none-gcc-static-cortexm', want: 'firmware' },
  { name: 'arm-none-gcc-object-cortexm', want: 'firmware' },
  { name: 'arm-none-gcc-static-cortexmsvc', want: 'static-executable' },
  { name: 'aarch64-none-gcc-static-boot', want: 'boot-code' },
  { name: 'x86_64-none-gcc-static-boot', want: 'boot-code' },
  { name: 's390x-none-gcc-pie-boot', want: 'boot-code' },
  { name: 'x86_64-none-gcc-object-grub', want: 'boot-code' },
  { name: 'x86_64-none-gcc-lib-com32data', want: 'boot-code' },
  { name: 'x86_64-none-gcc-lib-com32needs', want: 'boot-code' },
  { name: 'x86_64-none-gcc-lib-com32calls', want: 'shared-library' },
  { name: 'x86_64-none-gcc-lib-com32core', want: 'shared-library' },
  { name: 'x86_64-none-gcc-static-writescode', want: 'boot-code', inDoubt: true },
];

describe('what runs without an operating system', () => {
  for (const { name, want, inDoubt } of kinds) {
    it(`is ${inDoubt ? 'perhaps ' : ''}${want}: ${name}`, () => {
      const found = kind(elfOf(sample(name)));
      assert.equal(found.kind, want);
      assert.equal(found.doubt !== undefined, inDoubt === true);
    });
  }

  it('is in doubt where no call is seen, and nothing else says so: calls may be hidden, or in the vDSO', () => {
    const file = Buffer.from(sample('x86_64-none-gcc-static-writescode'));
    // The flags of the second program header: nothing is writable.
    assert.equal(file.readUInt32LE(0x7c), 7);
    file.writeUInt32LE(5, 0x7c);
    const elf = elfOf(file);
    assert.equal(systemCalls(elf), 'none');
    assert.equal(kind(elf).kind, 'boot-code');
    assert.notEqual(kind(elf).doubt, undefined);
  });

  const foreign = { AVR: EM.AVR, BPF: EM.BPF, MSP430: EM.MSP430, 'AMD GPU': EM.AMDGPU };
  for (const [name, machine] of Object.entries(foreign)) {
    it(`is firmware on a machine without Linux (${name}), program and object file`, () => {
      const program = { machine, type: ET.EXEC, isDynamic: false } as const;
      assert.equal(kind(buildElf(program).elf).kind, 'firmware');
      assert.equal(kind(buildElf({ machine, type: ET.REL }).elf).kind, 'firmware');
    });
  }
});

describe('start code of machines that boot loaders of emulators are for', () => {
  const kindOf = (machine: number, words: string) => {
    const described: ElfDescription = {
      ...{ machine, bits: machine === EM.S390 ? 64 : 32, byteOrder: 'big' },
      ...{ type: ET.EXEC, isDynamic: false, code: Buffer.from(words.replaceAll(' ', ''), 'hex') },
    };
    const entry = Number(buildElf(described).region('code').address);
    return kind(buildElf({ ...described, entry }).elf).kind;
  };
  // b 1f; nop; 1: mov 0x510,%g5; stha %g2,[%g5] (space)
  const sparc = (space: string) => `10800002 01000000 8a102510 c4b1${space} 91d02010`;
  // mtsp r0,sr; ldil; a branch that leaves
  const parisc = (register: string) => `00001820 0000${register} 20388fff e4008200`;
  // larl %r2,1f; ex %r3,0(%r2); mvc n(16,base),0(%r2); svc; 1: what is executed
  const s390x = (target: string, move: string) =>
    `c0200000000a 44302000 d20f${move}2000 0a010707 ${target}`;
  const cases: readonly (readonly [name: string, got: () => BinaryKind, want: BinaryKind])[] = [
    ['SPARC: spaces of the supervisor', () => kindOf(EM.SPARC, sparc('45a0')), 'boot-code'],
    ['SPARC: spaces of programs', () => kindOf(EM.SPARC, sparc('5000')), 'static-executable'],
    [
      'PA-RISC: space registers of the kernel',
      () => kindOf(EM.PARISC, parisc('7820')),
      'boot-code',
    ],
    ['PA-RISC: those of programs', () => kindOf(EM.PARISC, parisc('3820')), 'static-executable'],
    [
      's390x: a store below 4 KiB',
      () => kindOf(EM.S390, s390x('d70010001000', '01d0')),
      'boot-code',
    ],
    [
      's390x: a store elsewhere',
      () => kindOf(EM.S390, s390x('d70010001000', '11d0')),
      'static-executable',
    ],
    [
      's390x: a call that is executed from elsewhere',
      () => kindOf(EM.S390, s390x('0a0107070707', '01d0')),
      'static-executable',
    ],
  ];
  for (const [name, got, want] of cases) it(`${name}: ${want}`, () => assert.equal(got(), want));
});

describe('boot code with a loader', () => {
  const file = () => Buffer.from(sample('s390x-none-gcc-pie-boot'));
  it('is a program where the loader is not one of Linux', () => {
    const other = file();
    const at = other.indexOf('/lib/ld64.so.1');
    other.write('/opt/load.so.1', at);
    assert.equal(kind(elfOf(other)).kind, 'executable');
  });

  it('is a program where its start writes above 4 KiB', () => {
    const other = file();
    const at = other.indexOf(Buffer.from('d20f01d02000', 'hex'));
    assert.ok(at > 0);
    other.writeUInt8(0x11, at + 2);
    assert.equal(kind(elfOf(other)).kind, 'executable');
  });
});

describe('programs of Linux', () => {
  const statics = readdirSync(folder).filter((name) => /-static(pie)?-.*-stripped$/.test(name));
  for (const name of statics) {
    it(`call it, and live to do so: ${name}`, () => {
      const elf = elfOf(sample(name));
      assert.equal(systemCalls(elf), 'some');
      assert.equal(doomedStart(elf), null);
    });
    it(`are not firmware by a mark in the header: ${name}`, () => {
      const file = Buffer.from(sample(name));
      const before = kind(elfOf(sample(name)));
      file[7] = 255;
      const marked = kind(elfOf(file));
      assert.deepEqual(marked, before);
    });
  }

  it('are object files whatever the header is marked with: linkers take them', () => {
    const file = Buffer.from(sample('x86_64-none-gcc-object-nostacknote'));
    file[7] = 255;
    assert.equal(kind(elfOf(file)).kind, 'object');
  });

  it('with a C library that is known stay what they are, whatever their header is marked with', () => {
    for (const name of [
      'x86_64-glibc-gcc-static-none-stripped',
      'aarch64-musl-gcc-static-none-stripped',
    ]) {
      const file = Buffer.from(sample(name));
      file[7] = 255;
      assert.equal(kind(elfOf(file)).kind, 'static-executable');
    }
  });

  it('are not boot code by a kernel instruction that only one way leads to', () => {
    const file = Buffer.from(sample('aarch64-none-gcc-static-boot'));
    const at = file.indexOf(Buffer.from('404238d5', 'hex'));
    assert.ok(at > 0);
    // cbz x0, 1f; mrs x0, CurrentEL; 1: svc #0
    file.writeUInt32LE(0xb4000040, at);
    file.writeUInt32LE(0xd5384240, at + 4);
    file.writeUInt32LE(0xd4000001, at + 8);
    assert.equal(kind(elfOf(file)).kind, 'static-executable');
  });
});
