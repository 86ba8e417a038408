import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CanaryCode, CanaryExtent } from '../../src/code/canaries/canary.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import { judgeProtection } from '../../src/facts/stack/weigh-canaries.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

const startCode = Buffer.from(
  '4831ed4889e7488d35000000004883e4f0e8000000000000000000000000000000',
  'hex',
);

/** A static program of musl, as far as rules see it. */
function muslProgram() {
  const input = { type: ET.EXEC, isDynamic: false, machine: EM.X86_64, code: startCode };
  const entry = Number(buildElf(input).region('code').address);
  return buildElf({ ...input, entry }).elf;
}

const nothing: CanaryExtent = {
  found: false,
  instructions: 0,
  firstAt: null,
  stackAddresses: 4,
  coverage: { functions: 1, protected: 0, needing: 0, needingProtected: 0 },
  covered: false,
  undescribed: 0,
  looseAddresses: 4,
};
const oneArray: CanaryExtent = {
  ...nothing,
  coverage: { functions: 1, protected: 0, needing: 1, needingProtected: 0 },
  looseAddresses: 3,
};
const oneGuarded: CanaryExtent = {
  ...oneArray,
  found: true,
  instructions: 2,
  firstAt: 4151,
  coverage: { functions: 1, protected: 1, needing: 1, needingProtected: 1 },
};

/** What is seen of programs of Debian's musl-gcc; `libc` is how many canary instructions the C library has. */
function stateOf(program: CanaryExtent, libc: number): string {
  const instructions = libc + program.instructions;
  const code: CanaryCode = {
    size: 4932,
    codeAt: 4096,
    exact: true,
    seesEvery: true,
    pure: true,
    whole: { ...program, found: instructions > 0, instructions, undescribed: libc },
    program,
    programHasMain: true,
    wideFrames: 0,
    deadFailures: null,
    uncheckedStores: 0,
    onlyIdle: false,
    checks: instructions / 2,
    stops: false,
    hidesFrames: false,
  };
  return judgeProtection(muslProgram(), [], code).state;
}

describe('the start code of musl in a static program', () => {
  it('takes stack addresses that are not the program’s, whether the C library has canaries or not', () => {
    assert.equal(stateOf(nothing, 0), 'nothing-to-protect');
    assert.equal(stateOf(nothing, 6), 'nothing-to-protect');
  });

  it('does not hide the one function of the program that takes one', () => {
    assert.equal(stateOf(oneArray, 6), 'inseparable');
    assert.equal(stateOf(oneArray, 0), 'unprotected');
    assert.equal(stateOf(oneGuarded, 6), 'protected');
  });

  it('is not known from a program whose functions are not described', () => {
    assert.equal(stateOf({ ...nothing, coverage: null }, 6), 'inseparable');
  });
});
