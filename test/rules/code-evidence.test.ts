import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import controlFlowProtection from '../../rules/control-flow-protection.ts';
import fortifySource from '../../rules/fortify-source.ts';
import stackClashProtection from '../../rules/stack-clash-protection.ts';
import stackProtector from '../../rules/stack-protector.ts';
import { bytesOf } from '../../src/elf/bytes.ts';
import { ET, STT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import type { FactName, RuleDefinition } from '../../src/rule.ts';
import type { Outcome, Severity } from '../../src/verdict.ts';
import { buildElf } from '../support/elf-builder.ts';
import { repositoryRoot } from '../support/repository.ts';
import { verdictOf } from '../support/verdict-of.ts';

interface SampleCase {
  /** Name of a file in samples/elf. */
  readonly sample: string;
  readonly outcome: Outcome;
  readonly severity?: Severity;
  readonly says: RegExp;
}

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

testSamples('fortify-source', fortifySource, [
  {
    sample: 'x86_64-glibc-gcc-pie-fortify-2',
    outcome: 'pass',
    says: /called with checks \(level 2\)/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-fortify-3',
    outcome: 'pass',
    says: /called with checks \(level 3\)/,
  },
  {
    sample: 'aarch64-glibc-gcc-pie-fortify-3',
    outcome: 'pass',
    says: /called with checks \(level 3\)/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-fortify-1',
    outcome: 'fail',
    severity: 'low',
    says: /^level 1 only: .* printf .*without checks/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-fortify-partial',
    outcome: 'fail',
    severity: 'low',
    says: /a part was built without _FORTIFY_SOURCE$/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-fortify-none',
    outcome: 'fail',
    severity: 'medium',
    says: /^none of \d+ functions with a checked variant is checked, not even printf/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-fortify-sized',
    outcome: 'unknown',
    says: /where the compiler finds the size right or unknown$/,
  },
  {
    sample: 'x86_64-musl-gcc-pie-hardened',
    outcome: 'unknown',
    says: /^musl has no checked variants/,
  },
  { sample: 'x86_64-musl-gcc-pie-nobuffers', outcome: 'not-applicable', says: /no function with/ },
  { sample: 'x86_64-glibc-rust-pie-stripped', outcome: 'not-applicable', says: /checks bounds/ },
]);

testSamples('control-flow-protection', controlFlowProtection, [
  {
    sample: 'x86_64-glibc-gcc-pie-cet-forced',
    outcome: 'pass',
    says: /^IBT and SHSTK can be enforced/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-cet-nonote',
    outcome: 'fail',
    severity: 'note',
    says: /begin with a landing pad, but the note .* is missing$/,
  },
  { sample: 'x86_64-glibc-gcc-pie-cet-none', outcome: 'fail', severity: 'low', says: /^neither/ },
  { sample: 'x86_64-musl-gcc-pie-cet-none', outcome: 'fail', severity: 'note', says: /^neither/ },
  { sample: 'aarch64-none-gcc-lib-bti', outcome: 'pass', says: /^BTI and PAC can be enforced/ },
  {
    sample: 'aarch64-glibc-gcc-pie-pacret',
    outcome: 'fail',
    severity: 'note',
    says: /sign their return address/,
  },
  { sample: 's390x-glibc-gcc-pie-hardened', outcome: 'not-applicable', says: /no such protection/ },
]);

testSamples('stack-clash-protection', stackClashProtection, [
  {
    sample: 'x86_64-glibc-gcc-pie-clash-probed',
    outcome: 'pass',
    says: /^(\d+) of \1 functions? with frames over 4 KiB touch/,
  },
  { sample: 'x86_64-glibc-clang-pie-clash-probed', outcome: 'pass', says: /over 4 KiB/ },
  { sample: 'aarch64-glibc-gcc-pie-clash-probed', outcome: 'pass', says: /over 64 KiB/ },
  {
    sample: 'x86_64-glibc-gcc-pie-clash-none',
    outcome: 'fail',
    severity: 'low',
    says: /do not touch/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-clash-smallframes',
    outcome: 'not-applicable',
    says: /^no function has a frame over 4 KiB$/,
  },
  { sample: 's390x-glibc-gcc-nopie-bare', outcome: 'fail', says: /over 4 KiB/ },
  { sample: 'arm-glibc-gcc-pie-hardened', outcome: 'unknown', says: /unwind information/ },
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
      /^although the file asks for __stack_chk_fail, its 30\d KiB of code hold only/,
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

  it('is unknown for the same beside a mark of a runtime that needs no canaries', () => {
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

function testSamples<Needs extends FactName>(
  id: string,
  rule: RuleDefinition<Needs>,
  cases: readonly SampleCase[],
): void {
  describe(id, () => {
    for (const { sample, outcome, severity, says } of cases) {
      it(`${outcome}: ${sample}`, () => {
        const verdict = judgeSample(rule, sample);
        assert.equal(verdict.outcome, outcome, verdict.message);
        assert.match(verdict.message, says);
        if (severity !== undefined) assert.equal(verdict.severity, severity);
        if (outcome === 'fail') assert.notDeepEqual(verdict.evidence, []);
      });
    }
  });
}

function judgeSample<Needs extends FactName>(rule: RuleDefinition<Needs>, sample: string) {
  const bytes = readFileSync(join(repositoryRoot, 'samples/elf', sample));
  return verdictOf(rule, readElf(bytesOf(bytes)));
}
