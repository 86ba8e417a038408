import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET, STT } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testSamples } from '../../test/support/verdicts/rule-cases.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import stackProtector from './rule.ts';

testSamples('stack-protector', stackProtector, [
  {
    sample: 'x86_64-glibc-gcc-pie-ssp-strong',
    outcome: 'pass',
    says: /^(\d+) of \1 functions that should check a stack canary do$/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-ssp-plain',
    outcome: 'pass',
    says: /^\d+ of \d+ functions/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-ssp-neverreturns',
    outcome: 'pass',
    says: /functions that never return store a canary/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-ssp-none',
    outcome: 'fail',
    severity: 'high',
    says: /^none of \d+ functions that should check a stack canary does$/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-lonebuffer',
    outcome: 'fail',
    says: /hands a buffer in its frame to __isoc99_scanf$/,
  },
  {
    sample: 'i386-glibc-gcc-pie-lonebuffer',
    outcome: 'fail',
    says: /hands a buffer in its frame to __isoc99_scanf$/,
  },
  {
    sample: 'riscv64-glibc-gcc-pie-copiedname',
    outcome: 'fail',
    says: /hands a buffer in its frame to strcpy$/,
  },
  {
    sample: 'arm-glibc-gcc-pie-copiedname',
    outcome: 'fail',
    says: /hands a buffer in its frame to strcpy$/,
  },
  {
    sample: 'arm-glibc-gcc-pie-copiedname-a32',
    outcome: 'fail',
    says: /hands a buffer in its frame to strcpy$/,
  },
  {
    sample: 'arm-glibc-gcc-pie-lonebuffer-unoptimised',
    outcome: 'fail',
    says: /hands a buffer in its frame to __isoc99_scanf$/,
  },
  {
    sample: 'aarch64-glibc-clang-pie-ssp-unoptimised',
    outcome: 'pass',
    says: /^1 of 1 function that should check a stack canary does/,
  },
  {
    sample: 'x86_64-glibc-clang-pie-safestack',
    outcome: 'pass',
    says: /^1 function keeps its buffers on a stack without return addresses \(SafeStack\)$/,
  },
  {
    sample: 'i386-glibc-clang-pie-safestack',
    outcome: 'pass',
    says: /^1 function keeps its buffers on a stack without return addresses \(SafeStack\)$/,
  },
  {
    sample: 'aarch64-glibc-clang-lib-safestack',
    outcome: 'pass',
    says: /^3 functions keep their buffers on a stack without return addresses \(SafeStack\)$/,
  },
  {
    sample: 'x86_64-glibc-gcc-static-none-stripped',
    outcome: 'fail',
    severity: 'high',
    says: /the canaries in the file are those of its C library$/,
  },
  {
    sample: 'aarch64-musl-gcc-static-none-stripped',
    outcome: 'fail',
    says: /the canaries in the file are those of its C library$/,
  },
  {
    sample: 'aarch64-musl-gcc-staticpie-strong-nosections',
    outcome: 'pass',
    says: /as with -fstack-protector-strong$/,
  },
  {
    sample: 'aarch64-glibc-gcc-pie-nobuffers',
    outcome: 'not-applicable',
    says: /^no function takes the address/,
  },
  { sample: 'x86_64-musl-gcc-loader', outcome: 'not-applicable', says: /the C library itself/ },
  {
    sample: 'x86_64-none-go-static-stripped',
    outcome: 'not-applicable',
    says: /^go code keeps buffers in bounds/,
  },
  { sample: 'x86_64-musl-gcc-static-packed', outcome: 'unknown', says: /^packed by UPX/ },
]);

describe('stack-protector', () => {
  const code = Buffer.alloc(300 * 1024, 0x90);
  // mov %fs:0x28,%rax; mov %rax,0x8(%rsp)
  code.set(Buffer.from('64488b0425280000004889442408', 'hex'), 0x40);
  const { elf } = buildElf({
    needed: ['libc.so.6'],
    symbols: [{ name: '__stack_chk_fail' }],
    code,
  });

  it('fails with less weight when an import is backed by next to no code', () => {
    const { outcome, severity, message } = verdictOf(stackProtector, elf);
    assert.deepEqual([outcome, severity], ['fail', 'medium']);
    assert.match(
      message,
      /^although the file imports __stack_chk_fail, its 30\d KiB of code hold only/,
    );
  });

  // lea 0x10(%rsp),%rsi
  const takesAddress = Buffer.from('488d742410'.repeat(20), 'hex');
  const withoutCompiler = [
    {
      name: 'the start files of a C library',
      input: {
        type: ET.REL,
        staticSymbols: [{ name: '_start', defined: true }],
        comments: ['GCC'],
      },
      says: /start code/,
    },
    {
      name: 'the assembly of libmvec',
      input: {
        soname: 'libmvec.so.1',
        needed: ['libc.so.6'],
        comments: ['GCC'],
        symbols: Array.from({ length: 60 }, (_, index) => ({
          name: `_ZGVbN2v_f${index}`,
          defined: true,
          type: STT.FUNC,
        })),
      },
      says: /assembly/,
    },
  ];
  for (const { name, input, says } of withoutCompiler) {
    it(`does not apply to ${name}`, () => {
      const built = buildElf({ ...input, code: takesAddress });
      const { outcome, message } = verdictOf(stackProtector, built.elf);
      assert.equal(outcome, 'not-applicable', message);
      assert.match(message, says);
    });
  }

  for (const soname of [
    undefined,
    'libmvec.so.1',
    'libc.so.6',
    'ld-linux.so.2',
    'libc.musl-x86_64.so.1',
  ]) {
    it(`fails for the same code in a library called ${soname}`, () => {
      const input = { needed: ['libc.so.6'], comments: ['GCC'], code: takesAddress };
      const { elf } = buildElf(soname === undefined ? input : { ...input, soname });
      const { outcome, message } = verdictOf(stackProtector, elf);
      assert.equal(outcome, 'fail', message);
    });
  }

  it('is unknown for the same with a mark of a runtime that needs no canaries', () => {
    const mixed = buildElf({
      needed: ['libc.so.6'],
      symbols: [{ name: '__stack_chk_fail' }],
      code: Buffer.concat([code, Buffer.from(`\0/rustc/${'5980'.repeat(10)}/library/std\0`)]),
    });
    const { outcome, message } = verdictOf(stackProtector, mixed.elf);
    assert.equal(outcome, 'unknown', message);
    assert.match(message, /a mark of rust is there, but nothing of it that runs$/);
  });

  it('fails for the same where the mark is not in memory', () => {
    const mixed = buildElf({
      needed: ['libc.so.6'],
      symbols: [{ name: '__stack_chk_fail' }],
      comments: ['rustc version 1.95.0 (59807616e 2026-04-14)'],
      code,
    });
    const { outcome, message } = verdictOf(stackProtector, mixed.elf);
    assert.equal(outcome, 'fail', message);
  });
});
