import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Outcome } from '../../src/base/verdict.ts';
import { canaryCode } from '../../src/code/canaries/canary.ts';
import { locateEhFrame } from '../../src/code/frames/eh-frame-location.ts';
import { EM } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import stackProtector from './rule.ts';

interface EditedSample {
  readonly name: string;
  readonly sample: string;
  readonly edit: (file: Buffer) => void;
  readonly outcome: Outcome;
  readonly says: RegExp;
}

/** `op %fs:0x28,r64` */
const guardAccess = /\x64[\x48\x4c][\x8b\x2b][\0-\xff]\x25\x28\0\0\0/g;
const LOAD = 0x8b;

const cases: readonly EditedSample[] = [
  {
    name: 'functions that no unwind information describes need canaries like others',
    sample: 'x86_64-glibc-gcc-pie-ssp-none',
    edit: (file) => endUnwindInformation(file, 4),
    outcome: 'fail',
    says: /^no function checks a stack canary/,
  },
  {
    name: 'neither do they where the start files and a static C library are described',
    sample: 'x86_64-glibc-gcc-pie-ssp-none',
    edit: (file) => endUnwindInformation(file, 5),
    outcome: 'fail',
    says: /^no function checks a stack canary|^none of/,
  },
  {
    name: 'calls of __stack_chk_fail that no comparison leads to protect nothing',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) => editGuards(file, () => Buffer.alloc(9, 0x90)),
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'a guard in another place of the thread block is seen by the comparison before the call',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) =>
      editGuards(file, (access) => {
        access.writeUInt32LE(0x30, 5);
        return access;
      }),
    outcome: 'pass',
    says: /^(\d+) of \1 functions/,
  },
  {
    name: 'a guard in a variable is seen by the comparison before the call',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) =>
      editGuards(file, (access) => {
        // mov|sub 0x1000(%rip),r64 behind a two-byte nop
        const modrm = ((access[3] ?? 0) & 0x38) | 5;
        return Buffer.of(0x66, 0x90, access[1] ?? 0, access[2] ?? 0, modrm, 0, 0x10, 0, 0);
      }),
    outcome: 'pass',
    says: /^(\d+) of \1 functions/,
  },
  {
    name: 'nor can canaries of a static program be denied whose guard may be anywhere and whose calls have no name',
    sample: 'x86_64-musl-gcc-static-strong-stripped',
    edit: (file) =>
      editGuards(file, (access) => {
        access.writeUInt32LE(0x30, 5);
        return access;
      }),
    outcome: 'unknown',
    says: /^no symbol shows it/,
  },
  {
    name: 'loads of the guard that nothing uses protect nothing',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) =>
      editGuards(file, (access) => {
        if (access[2] !== LOAD) return Buffer.alloc(9, 0x90);
        // Into the register that the next instruction does not store.
        access[3] = (access[3] ?? 0) ^ 0x08;
        return access;
      }),
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'canaries that are stored and never compared protect nothing',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) =>
      editGuards(file, (access) => (access[2] === LOAD ? access : Buffer.alloc(9, 0x90))),
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'a comparison whose branch leads to the next instruction protects nothing',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) =>
      editChecks(file, (at) => {
        file[at + 1] = 0;
      }),
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'a comparison that calls nothing where the canary differs protects nothing',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) => editFailures(file, (call) => file.fill(0x90, call, call + 5)),
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'nor one that calls a function which returns at once',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) => {
      const returns = file.indexOf('c3', file.readUInt32LE(24), 'hex');
      editFailures(file, (call) => file.writeInt32LE(returns - call - 5, call + 1));
    },
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'nor on aarch64',
    sample: 'aarch64-glibc-gcc-pie-ssp-strong',
    edit: (file) => {
      // b.ne near the end of a check, to a bl: the call becomes a nop
      const wordAt = (at: number) => file.readUInt32LE(at);
      for (let at = 16; at + 8 <= file.length; at += 4) {
        if ((wordAt(at) & 0xff00001f) >>> 0 !== 0x54000001) continue;
        if (![4, 8, 12, 16].some((back) => wordAt(at - back) >>> 21 === 0x694)) continue;
        const target = at + ((wordAt(at) << 8) >> 13) * 4;
        if (wordAt(target) >>> 26 === 0x25) file.writeUInt32LE(0xd503201f, target);
      }
    },
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'neither do they on i386',
    sample: 'i386-glibc-gcc-pie-hardened',
    edit: (file) => {
      // sub|xor %gs:0x14,r32
      const checks = file.toString('latin1').matchAll(/\x65[\x2b\x33][\0-\xff]\x14\0\0\0/g);
      for (const { index } of checks) file.fill(0x90, index, index + 7);
    },
    outcome: 'fail',
    says: /^none of \d+ functions/,
  },
  {
    name: 'one function with a canary does not pass for those that fill an array without one',
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    edit: (file) => {
      let left = 2;
      editGuards(file, (access) => {
        left -= 1;
        return left >= 0 ? access : Buffer.alloc(9, 0x90);
      });
    },
    outcome: 'fail',
    says: /only 1 of \d+ functions .* more functions than these fill an array/,
  },
];

/** Four stores, which nothing in the file describes. */
const indexed = [
  { name: 'x86-64', machine: EM.X86_64, bits: 64, code: repeated('88540cb8') },
  { name: 'x86-64 by a frame pointer', machine: EM.X86_64, bits: 64, code: framed('554889e5') },
  { name: 'i386', machine: EM.I386, bits: 32, code: repeated('881404') },
  { name: 'i386 by a frame pointer', machine: EM.I386, bits: 32, code: framed('5589e5') },
  { name: 'i386, the stack pointer copied', machine: EM.I386, bits: 32, code: repeated('89e0') },
] as const;

/** Behind what may be start code. */
function repeated(store: string): Buffer {
  return Buffer.from('90'.repeat(96) + store.repeat(4), 'hex');
}

function framed(setUp: string): Buffer {
  return Buffer.from(`${'90'.repeat(96)}${setUp}${'885405b0'.repeat(4)}c9c3`, 'hex');
}

describe('stack-protector: a canary is what a function stores and checks', () => {
  for (const { name, sample, edit, outcome, says } of cases) {
    it(name, () => {
      const file = readFileSync(join(repositoryRoot, 'samples/elf', sample));
      const before = Buffer.from(file);
      edit(file);
      assert.ok(!file.equals(before), 'the edit changes something');
      const verdict = verdictOf(stackProtector, readElf(bytesOf(file)));
      assert.equal(verdict.outcome, outcome, verdict.message);
      assert.match(verdict.message, says);
    });
  }

  for (const { name, machine, bits, code } of indexed) {
    it(`an array that is filled by its index alone needs a canary: ${name}`, () => {
      const { elf } = buildElf({ machine, bits, needed: ['libc.so.6'], code });
      assert.equal(canaryCode(elf)?.whole.looseAddresses, 4);
      assert.notEqual(verdictOf(stackProtector, elf).outcome, 'not-applicable');
    });
  }

  /** An instruction whose last bytes, with the start of the next one, look like a store at an index of the frame. */
  const others = [
    // imul $0x44,%edi,%eax; mov %r8d,%ecx
    { name: 'imul by a small constant', code: '6bc7444489c1' },
    // imul $0x4404,%edi,%eax; mov %r8d,%ecx
    { name: 'imul by a constant', code: '69c7044400004489c1' },
    // pshufd $0x44,%xmm7,%xmm0; mov %r8d,%ecx
    { name: 'pshufd', code: '660f70c7444489c1' },
    // movl $0x4040404,(%r8)
    { name: 'mov of a constant', code: '41c70004040404' },
  ];
  for (const { name, code } of others) {
    it(`bytes of other instructions are not stores: ${name}`, () => {
      const { elf } = buildElf({ needed: ['libc.so.6'], code: repeated(code) });
      assert.equal(canaryCode(elf)?.whole.looseAddresses, 0);
      assert.equal(verdictOf(stackProtector, elf).outcome, 'not-applicable');
    });
  }

  it('does not know what an import means that no code uses', () => {
    const { elf } = buildElf({
      needed: ['libc.so.6'],
      symbols: [{ name: '__stack_chk_fail' }],
      // lea 0x10(%rsp),%rsi
      code: Buffer.from('488d742410'.repeat(20), 'hex'),
    });
    const { outcome, message } = verdictOf(stackProtector, elf);
    assert.equal(outcome, 'unknown', message);
    assert.match(message, /^the file imports __stack_chk_fail, but/);
  });

  it('does not know what checks lead to that call no import', () => {
    const { elf } = buildElf({
      needed: ['libc.so.6'],
      // The guard loaded and stored; compared; jne to a call of what calls something and returns.
      code: Buffer.from(
        `${'90'.repeat(96)}64488b0425280000004889442408${'488b442408'}64482b0425280000007501c3e801000000cce800000000c3`,
        'hex',
      ),
    });
    const { outcome, message } = verdictOf(stackProtector, elf);
    assert.equal(outcome, 'unknown', message);
    assert.match(message, /does not import __stack_chk_fail: what they call instead is its own/);
  });

  for (const machine of [EM.ARM, EM.MIPS]) {
    it(`a file that imports the guard alone reports no difference: machine ${machine}`, () => {
      const { elf } = buildElf({
        machine,
        bits: 32,
        needed: ['libc.so.6'],
        symbols: [{ name: '__stack_chk_guard' }],
        code: Buffer.alloc(256),
      });
      const { outcome, message } = verdictOf(stackProtector, elf);
      assert.equal(outcome, 'unknown', message);
      assert.match(message, /^the file imports __stack_chk_guard, but/);
    });
  }
});

function editGuards(file: Buffer, edit: (access: Buffer) => Buffer): void {
  for (const { index, 0: access } of file.toString('latin1').matchAll(guardAccess))
    edit(Buffer.from(access, 'latin1')).copy(file, index);
}

/** The branch behind each check. */
function editChecks(file: Buffer, edit: (at: number) => void): void {
  for (const { index, 0: access } of file.toString('latin1').matchAll(guardAccess)) {
    if (access.charCodeAt(2) !== LOAD && file[index + 9] === 0x75) edit(index + 9);
  }
}

/** The call that each check's branch leads to. */
function editFailures(file: Buffer, edit: (call: number) => void): void {
  editChecks(file, (at) => {
    const call = at + 2 + file.readInt8(at + 1);
    assert.equal(file[call], 0xe8);
    edit(call);
  });
}

/** Ends .eh_frame behind so many records, as files look whose program was compiled without unwind tables. */
function endUnwindInformation(file: Buffer, records: number): void {
  const location = locateEhFrame(readElf(bytesOf(file)));
  assert.ok(location !== null);
  let at = location.offset;
  for (let index = 0; index < records; index += 1) at += 4 + file.readUInt32LE(at);
  file.writeUInt32LE(0, at);
}
