import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { ProcessorLevel, RequiredSystem } from '../../src/base/required-system.ts';
import type { Outcome } from '../../src/base/verdict.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../test/support/elf/elf-description.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import { sampleElf } from '../../test/support/verdicts/verdicts-of.ts';
import pageSize from '../page-size/rule.ts';
import rule from './rule.ts';

const needing = (versions: readonly string[], other: Partial<ElfDescription> = {}) =>
  buildElf({
    machine: EM.X86_64,
    needed: ['libc.so.6'],
    symbols: versions.map((version) => ({ name: `f${version}`, version, library: 'libc.so.6' })),
    ...other,
  }).elf;

const ofMusl = (names: readonly string[], more: readonly string[] = []) =>
  buildElf({
    machine: EM.X86_64,
    interpreter: '/lib/ld-musl-x86_64.so.1',
    needed: ['libc.musl-x86_64.so.1', ...more],
    symbols: names.map((name) => ({ name })),
  }).elf;

/** A library that needs no other. */
const alone = (relr: readonly number[]) =>
  buildElf({
    machine: EM.X86_64,
    type: ET.DYN,
    symbols: [{ name: 'start', defined: true }],
    ...(relr.length > 0 ? { relr } : {}),
  }).elf;

interface Case {
  readonly name: string;
  readonly elf: ReturnType<typeof needing>;
  readonly system: RequiredSystem | null;
  readonly outcome: Outcome;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'says nothing until a system is named',
    elf: needing(['GLIBC_2.34']),
    system: null,
    outcome: 'not-applicable',
    says: /^the policy names no system/,
  },
  {
    name: 'fails a newer glibc',
    elf: needing(['GLIBC_2.4', 'GLIBC_2.34']),
    system: { glibc: '2.31' },
    outcome: 'fail',
    says: /^it needs glibc 2\.34, newer than 2\.31$/,
  },
  {
    name: 'compares versions number by number',
    elf: needing(['GLIBC_2.4']),
    system: { glibc: '2.31' },
    outcome: 'pass',
    says: /^glibc 2\.4 is enough$/,
  },
  {
    name: 'fails the version that locks loaders without DT_RELR out',
    elf: needing(['GLIBC_2.4', 'GLIBC_ABI_DT_RELR']),
    system: { glibc: '2.35' },
    outcome: 'fail',
    says: /glibc 2\.36/,
  },
  {
    name: 'takes a version of the runtime of C++ for the library that it came with',
    elf: needing(['GLIBCXX_3.4.21', 'CXXABI_1.3.13']),
    system: { libstdcxx: '3.4.28' },
    outcome: 'fail',
    says: /^it needs libstdc\+\+ 3\.4\.29/,
  },
  {
    name: 'fails a program of another C library',
    elf: sampleElf('x86_64-musl-gcc-pie-hardened'),
    system: { glibc: '2.41' },
    outcome: 'fail',
    says: /^it is linked with musl, and the system that is named has glibc$/,
  },
  {
    name: 'cannot say which musl has all symbols',
    elf: sampleElf('x86_64-musl-gcc-pie-hardened'),
    system: { glibc: '2.41', musl: '1.2.5' },
    outcome: 'unknown',
    says: /no versions/,
  },
  {
    name: 'passes code without an instruction beyond the level',
    elf: sampleElf('x86_64-glibc-gcc-pie-sse4'),
    system: { cpu: 'x86-64-v2' },
    outcome: 'pass',
    says: /^none of its instructions needs more than x86-64-v2$/,
  },
  {
    name: 'fails what every run executes',
    elf: sampleElf('x86_64-glibc-gcc-pie-sse4'),
    system: { cpu: 'x86-64-v1' },
    outcome: 'fail',
    says: /^it needs x86-64-v2, more than x86-64-v1: its start leads to SSE3 at offset 0x/,
  },
  {
    name: 'leaves code undecided that asks the processor at run time',
    elf: sampleElf('x86_64-glibc-gcc-pie-clones'),
    system: { cpu: 'x86-64-v2' },
    outcome: 'unknown',
    says: /^it has instructions of x86-64-v3 \(AVX\), and may choose at run time/,
  },
  {
    name: 'passes code that chooses where the level has all of it',
    elf: sampleElf('x86_64-glibc-gcc-pie-clones'),
    system: { cpu: 'x86-64-v3' },
    outcome: 'pass',
    says: /^none of its instructions/,
  },
  {
    name: 'fails what a part fails, whatever is unknown',
    elf: needing(['GLIBC_2.34']),
    system: { glibc: '2.31', cpu: 'x86-64-v1' },
    outcome: 'fail',
    says: /^it needs glibc/,
  },
  {
    name: 'judges the processor on x86-64 alone',
    elf: sampleElf('aarch64-glibc-gcc-pie-hardened'),
    system: { cpu: 'x86-64-v1' },
    outcome: 'not-applicable',
    says: /a file of aarch64$/,
  },
  {
    name: 'fails segments for small pages on a machine that has larger ones',
    elf: sampleElf('aarch64-glibc-gcc-pie-hardened'),
    system: { page: '16k' },
    outcome: 'fail',
    says: /^pages of 16 KiB cannot map it: a segment is aligned to smaller pages$/,
  },
  {
    name: 'fails a kernel that is older than the note',
    elf: sampleElf('x86_64-glibc-gcc-pie-hardened'),
    system: { kernel: '3.1' },
    outcome: 'fail',
    says: /^it needs Linux 3\.2\.0, newer than 3\.1$/,
  },
  {
    name: 'leaves open which update of a release has a lock-out of a later one',
    elf: needing(['GLIBC_2.4', 'GLIBC_ABI_GNU2_TLS']),
    system: { glibc: '2.41' },
    outcome: 'unknown',
    says: /^it needs glibc 2\.43, or a later update of 2\.41 than its release/,
  },
  {
    name: 'fails such a lock-out where no update has it',
    elf: needing(['GLIBC_2.4', 'GLIBC_ABI_GNU2_TLS']),
    system: { glibc: '2.37' },
    outcome: 'fail',
    says: /^it needs glibc 2\.43, newer than 2\.37$/,
  },
  {
    name: 'fails a newer symbol next to such a lock-out',
    elf: needing(['GLIBC_2.42', 'GLIBC_ABI_GNU2_TLS']),
    system: { glibc: '2.41' },
    outcome: 'fail',
    says: /^it needs glibc 2\.43, newer than 2\.41$/,
  },
  {
    name: 'fails DT_RELR without its version, which every glibc refuses or passes over',
    elf: needing(['GLIBC_2.4'], {
      type: ET.DYN,
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      relr: [0x400000],
    }),
    system: { glibc: '2.41' },
    outcome: 'fail',
    says: /^no release of glibc starts it: it has DT_RELR/,
  },
  {
    name: 'fails DT_RELR of a library that needs no other, which older loaders pass over too',
    elf: alone([0x400000]),
    system: { glibc: '2.28' },
    outcome: 'fail',
    says: /^it needs glibc 2\.36, newer than 2\.28$/,
  },
  {
    name: 'the same by musl',
    elf: alone([0x400000]),
    system: { musl: '1.2.3' },
    outcome: 'fail',
    says: /^it needs musl 1\.2\.4, newer than 1\.2\.3$/,
  },
  {
    name: 'does not know which of two C libraries loads a library that names none',
    elf: alone([0x400000]),
    system: { glibc: '2.28', musl: '1.2.5' },
    outcome: 'unknown',
    says: /^it names no C library/,
  },
  {
    name: 'passes such a library without DT_RELR',
    elf: alone([]),
    system: { glibc: '2.28', musl: '1.2.3' },
    outcome: 'pass',
    says: /^nothing in it requires/,
  },
  {
    name: 'takes a version of the runtime of GCC for the libstdc++ that came with it',
    elf: needing(['GCC_12.0.0']),
    system: { libstdcxx: '3.4.28' },
    outcome: 'fail',
    says: /^it needs libstdc\+\+ 3\.4\.30/,
  },
  {
    name: 'fails a function that a later musl added',
    elf: ofMusl(['reallocarray', 'malloc']),
    system: { musl: '1.1.24' },
    outcome: 'fail',
    says: /^it needs musl 1\.2\.2, newer than 1\.1\.24$/,
  },
  {
    name: 'does not fail it where another library may have it',
    elf: ofMusl(['reallocarray'], ['libbsd.so.0']),
    system: { musl: '1.1.24' },
    outcome: 'unknown',
    says: /unless libbsd\.so\.0 has reallocarray$/,
  },
  {
    name: 'does not pass musl by the names that it knows',
    elf: ofMusl(['reallocarray']),
    system: { musl: '1.2.2' },
    outcome: 'unknown',
    says: /no versions/,
  },
  {
    name: 'does not pass a static program that notes no kernel',
    elf: sampleElf('x86_64-none-gcc-static-tiny'),
    system: { kernel: '5.10' },
    outcome: 'unknown',
    says: /no note says which kernels/,
  },
];

describe('runs-on of a library in a folder of glibc-hwcaps', () => {
  const verdict = (forProcessors: ProcessorLevel | null, cpu: ProcessorLevel, kind: string) =>
    verdictOf(rule, sampleElf('x86_64-glibc-gcc-pie-avx'), {
      requiredSystem: known({ cpu }),
      kind: known({ kind, evidence: [] } as never),
      placement: known({
        ...{ where: 'root', mode: 0o755, uid: 0, gid: 0, setuid: false, setgid: false },
        capabilities: [],
        ...(forProcessors === null ? {} : { forProcessors }),
      }),
    });
  const library = 'shared-library';

  it('passes what the level of the folder has', () => {
    const { outcome, message } = verdict('x86-64-v3', 'x86-64-v1', library);
    assert.equal(outcome, 'pass');
    assert.equal(
      message,
      'none of its instructions needs more than x86-64-v3, and glibc takes it on no less',
    );
  });

  for (const [name, forProcessors, cpu, kind] of [
    ['fails what needs more than the folder says', 'x86-64-v2', 'x86-64-v1', library],
    ['fails it elsewhere', null, 'x86-64-v1', library],
    ['fails a program there, which anything can start', 'x86-64-v3', 'x86-64-v1', 'executable'],
  ] as const)
    it(name, () => assert.equal(verdict(forProcessors, cpu, kind).outcome, 'fail'));

  it('judges a folder for less than the system has by the system', () => {
    const { outcome, message } = verdict('x86-64-v2', 'x86-64-v3', library);
    assert.equal(outcome, 'pass');
    assert.equal(message, 'none of its instructions needs more than x86-64-v3');
  });
});

/** One that page-size passes, one that it fails, and those of each kind that it does not decide. */
const ofPages: readonly string[] = [
  'aarch64-glibc-gcc-pie-default',
  'aarch64-glibc-gcc-pie-hardened',
  'ppc64le-glibc-gcc-pie-hardened',
  'aarch64-glibc-clang-pie-allocator-4k',
  'aarch64-glibc-clang-pie-largerelro',
  'aarch64-none-gcc-static-tiny',
  'aarch64-musl-gcc-static-packed',
];

describe('runs-on and page-size', () => {
  for (const sample of ofPages) {
    it(`decide the same about the largest pages: ${sample}`, () => {
      const elf = sampleElf(sample);
      const largest = verdictOf(rule, elf, { requiredSystem: known({ page: '64k' }) });
      assert.equal(largest.outcome, verdictOf(pageSize, elf).outcome, largest.message);
    });
  }

  it('do not fail an allocator for pages that no kernel of the machine has', () => {
    const pageSizes = known({
      sizes: [fitting(4096), fitting(65536)],
      allocator: { name: 'jemalloc' as const, largest: 4096 },
      evidence: [],
    });
    const elf = sampleElf('ppc64le-glibc-gcc-pie-hardened');
    const with16k = { requiredSystem: known({ page: '16k' as const }), pageSizes };
    assert.equal(verdictOf(rule, elf, with16k).outcome, 'pass');
  });
});

function fitting(size: number) {
  return { size, isUsual: false, segments: 'fits' as const, isUnprotectable: false };
}

describe('runs-on', () => {
  for (const { name, elf, system, outcome, says } of cases) {
    it(name, () => {
      const verdict = verdictOf(rule, elf, { requiredSystem: known(system) });
      assert.equal(verdict.outcome, outcome, verdict.message);
      assert.match(verdict.message, says);
      if (outcome === 'fail') assert.notDeepEqual(verdict.evidence, []);
    });
  }
});
