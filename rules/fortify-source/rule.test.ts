import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testSamples } from '../../test/support/verdicts/rule-cases.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import fortifySource from './rule.ts';

testSamples('fortify-source', fortifySource, [
  {
    sample: 'aarch64-glibc-gcc-pie-fortify-noplt',
    outcome: 'fail',
    says: /not even printf$/,
  },
  {
    sample: 'riscv64-glibc-gcc-pie-fortify-format',
    outcome: 'fail',
    says: /not even snprintf$/,
  },
  { sample: 'arm-glibc-gcc-pie-fortify-format', outcome: 'fail', says: /not even snprintf$/ },
  {
    sample: 'x86_64-none-gcc-static-noreturn',
    outcome: 'not-applicable',
    says: /^no function with a checked variant is called$/,
  },
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
    sample: 'x86_64-glibc-gcc-pie-fortify-format',
    outcome: 'fail',
    severity: 'medium',
    says: /^none of 1 function with a checked variant is checked, not even snprintf/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-fortify-formatchecked',
    outcome: 'pass',
    says: /called with checks \(level 2\)/,
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

describe('on systems whose headers have no checked variants', () => {
  const solaris = known({ name: 'Solaris', evidence: [] } as never);
  const outcomeOf = (names: readonly string[]) =>
    verdictOf(
      fortifySource,
      buildElf({ needed: ['libc.so.1'], symbols: names.map((name) => ({ name })) }).elf,
      { otherSystem: solaris },
    ).outcome;

  it('plain functions have none to be called in their place', () => {
    assert.equal(outcomeOf(['memcpy', 'strcpy']), 'not-applicable');
  });

  it("the checks of GCC's libssp count", () => {
    assert.notEqual(outcomeOf(['__memcpy_chk', '__strcpy_chk']), 'not-applicable');
  });
});
