import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { i386 } from '../../src/code/machines/i386.ts';
import { x86_64 } from '../../src/code/machines/x86-64.ts';

/** sub %fs:0x28,%rax */
const compared = '64482b042528000000';
const pushes = '90'.repeat(8);

interface Led {
  readonly name: string;
  /** Behind the comparison. */
  readonly code: string;
  readonly live: boolean;
}

const checks: readonly Led[] = [
  { name: 'jne to a call', code: '7501c3e800000000', live: true },
  { name: 'je over a call', code: '7405e800000000c9c3', live: true },
  {
    name: 'jne to a call behind a register that is copied, whose operands look like ret',
    code: '7501c34889c3e800000000',
    live: true,
  },
  {
    name: 'jne to a call behind a constant and an address that look like ret',
    code: '7501c3bfc30000004c8d4424c3e800000000',
    live: true,
  },
  { name: 'jne to a return', code: '7501c3c3e800000000', live: false },
  {
    name: 'jne to nothing but a return behind a constant that looks like a call',
    code: `7501c3b8e8000000c3${pushes}`,
    live: false,
  },
  {
    name: 'jne to the next instruction, and a jump to another function',
    code: '7500e900000000',
    live: false,
  },
  { name: 'no branch before the return', code: '4883c4405bc37500e800000000', live: false },
  { name: 'a jump to a branch that checks share', code: 'eb01c37501c3e800000000', live: true },
  { name: 'jne to an instruction that stops', code: '7501c30f0b', live: true },
  { name: 'jne to a call of an address in memory', code: '7501c3ff1500000000', live: true },
];

interface Function {
  readonly name: string;
  readonly machine?: 'i386';
  readonly code: string;
  readonly atOnce: boolean | number;
}

const functions: readonly Function[] = [
  { name: 'ret', code: 'c3', atOnce: true },
  { name: 'ret behind registers', code: '5331c05bc3', atOnce: true },
  {
    name: 'a call with a text, the distance of which looks like ret',
    code: '4883ec08488d3dc3490500e800000000',
    atOnce: false,
  },
  {
    name: 'the same behind endbr64',
    code: 'f30f1efa4883ec08488d3dc3490500e800000000',
    atOnce: false,
  },
  { name: 'a call behind a copy that looks like ret', code: '4889c389d3e800000000', atOnce: false },
  { name: 'a call with a number that looks like ret', code: 'bfc3000000e800000000', atOnce: false },
  { name: 'ret behind a number that looks like a call', code: 'b8e8000000c3', atOnce: true },
  { name: 'ret behind a number that looks like a stop', code: 'b80f0b0000c3', atOnce: true },
  { name: 'ret with a count', code: 'c20800', atOnce: true },
  { name: 'a jump to another function', code: '31c0e910000000', atOnce: 0x17 },
  {
    name: 'a call of the thunk that returns for it',
    code: 'e801000000cc488d642408c3',
    atOnce: true,
  },
  { name: 'an instruction that stops', code: 'f4', atOnce: false },
  { name: 'a text of the GOT', machine: 'i386', code: '538d83c3eeffff50e800000000', atOnce: false },
  {
    name: 'the address of the GOT, which is added to %ebx',
    machine: 'i386',
    code: '81c3c32f0000e800000000',
    atOnce: false,
  },
  { name: 'ret behind a count', machine: 'i386', code: '40c3', atOnce: true },
];

const endings = [
  {
    name: 'a call, behind what looks like ret',
    code: '488d3dc3490500bfc3000000e800000000',
    may: false,
  },
  { name: 'ret', code: '31c0c3', may: true },
  { name: 'a jump out of it', code: '31c0e900010000', may: true },
  { name: 'a jump in it', code: '31c0ebfe', may: false },
  { name: 'a jump to an address in a register', code: 'ffe0', may: true },
  { name: 'what is not known', code: '9a0000000000', may: true },
];

describe('x86: what a check of a canary leads to', () => {
  const read = (hex: string) => (offset: number, length: number) => {
    const code = Buffer.from(hex, 'hex');
    return code.subarray(Math.min(offset, code.length), offset + length);
  };

  for (const { name, code, live } of checks) {
    it(`${name}: ${live ? 'it comes' : 'it does not come'} to something`, () => {
      const found = x86_64.program.failure?.leadsTo(read(compared + code), 0, () => true);
      assert.equal(found, live);
    });
  }

  for (const { name, machine, code, atOnce } of functions) {
    it(`a function: ${machine ?? 'x86-64'}, ${name}`, () => {
      const { failure } = machine === 'i386' ? i386 : x86_64.program;
      assert.equal(failure?.returnsAtOnce(read(code), 0), atOnce);
    });
  }

  for (const { name, code, may } of endings) {
    it(`a function that ends in ${name} ${may ? 'may' : 'does not'} return`, () => {
      assert.equal(x86_64.program.failure?.mayReturn(Buffer.from(code, 'hex')), may);
    });
  }
});
