import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  lengthIn,
  measuredAt,
  prefixesIn,
  x86InstructionAt,
} from '../../src/code/machines/x86-instruction.ts';
import { randomNumbers } from '../support/random.ts';

/** Each is one instruction, as assemblers write it. */
const wide = {
  'no operand': ['c3', '90', 'c9', 'f30f1efa', '0fa2', '0f05', '48cf'],
  'two registers': ['89c3', '4889c3', '4531c0', '0fafc3', '66450f6fc1', 'f3480fb8c0'],
  'an address in the frame': ['488d7c2408', '488d8424c3000000', '448b6500', '4c8b8d00f0ffff'],
  'an address behind a register': [
    '8b03',
    '488b4308',
    '488b8300010000',
    '8b04c3',
    '8b0425c3000000',
  ],
  'a distance': ['488d3dc3490500', '833dc300000000', '48833d70f8070000', 'ff2500c30000'],
  'a constant': [
    'bfc3000000',
    '48b8c3c3c3c3c3c3c3c3',
    '66b8c300',
    '83c4c3',
    '4881ecc3000000',
    '6a01',
  ],
  'a constant of test, none of not and div': [
    'f6c3c3',
    '48f7c3c3000000',
    '66f7c3c300',
    'f7d3',
    '48f7f3',
  ],
  'a shift': ['c1e3c3', '48d1e0', '0fa4d8c3', '0fbae3c3'],
  'a branch or call': [
    '75c3',
    '0f85c3000000',
    'e8c3000000',
    'ebc3',
    'e9c3000000',
    '41ffd3',
    '3effe0',
  ],
  'the thread block': ['64488b042528000000', '64482b142528000000'],
  'a number at an absolute address': ['a1c3c3c3c3c3c3c3c3', '67a1c3c3c3c3'],
  'a vector': ['0f294c2410', '660f70c3c3', '660f3a0fc3c3', '660f3800c3', '0fc2c3c3', '0f77'],
  'a vector of AVX': ['c5f877', 'c5f9700cc3c3', 'c4e27918c3', 'c4e3790fc3c3', 'c5fd6f4424c3'],
  'a vector of AVX-512': [
    '62f17c48114404c3',
    '62f17d4870c3c3',
    '62f37d4825c3c3',
    '62f27d48184424c3',
  ],
} as const;

const narrow = {
  'counting, which has the bytes of prefixes': ['40', '48', '4b'],
  'an address without a register': ['8b1dc3000000', 'a1c3000000', '65a114000000'],
  'an address of 16 bits': ['678b1ec300', '678b47c3', '678b87c3c3', '67a1c3c3'],
  'constants and distances of 16 bits': ['66b8c3c3', '660f85c3c3', '66e8c3c3'],
  'loads of segments, which have the bytes of AVX': ['c54508', 'c40424', '624508'],
  'a far call': ['9ac3c3c3c3c3c3'],
} as const;

describe('x86 instructions: where one ends', () => {
  for (const [mode, table] of Object.entries({ 'x86-64': wide, i386: narrow })) {
    for (const [name, codes] of Object.entries<readonly string[]>(table)) {
      it(`${mode}: ${name}`, () => {
        for (const code of codes) {
          const bytes = Buffer.from(code + 'c3'.repeat(16), 'hex');
          const end = x86InstructionAt(bytes, 0, mode === 'x86-64')?.end;
          assert.equal(end, code.length / 2, code);
        }
      });
    }
  }

  it('is not known where its code is cut short', () => {
    for (const [table, isWide] of [
      [wide, true],
      [narrow, false],
    ] as const) {
      for (const code of Object.values<readonly string[]>(table).flat()) {
        for (let length = 0; length < code.length; length += 2) {
          const bytes = Buffer.from(code.slice(0, length), 'hex');
          const end = x86InstructionAt(bytes, 0, isWide)?.end ?? 0;
          assert.ok(end <= length / 2, `${code} of ${length / 2} bytes`);
        }
      }
    }
  });

  it('is measured up to a limit as in code that ends there', () => {
    const random = randomNumbers(21);
    const code = Buffer.from(Array.from({ length: 4096 }, () => random(256)));
    for (let at = 0; at < code.length; at += 1) {
      const limit = Math.min(code.length, at + random(18));
      for (const isWide of [true, false]) {
        const measured = measuredAt(code, at, limit, isWide);
        const cut = x86InstructionAt(code.subarray(0, limit), at, isWide);
        assert.equal(measured === 0 ? null : at + lengthIn(measured), cut?.end ?? null);
        assert.equal(measured === 0 ? null : at + prefixesIn(measured), cut?.opcodeAt ?? null);
      }
    }
  });

  it('is not known with more prefixes than a processor takes', () => {
    assert.equal(x86InstructionAt(Buffer.from(`${'66'.repeat(15)}90`, 'hex'), 0, true), null);
    assert.equal(x86InstructionAt(Buffer.from(`${'66'.repeat(14)}90`, 'hex'), 0, true)?.end, 15);
  });
});
