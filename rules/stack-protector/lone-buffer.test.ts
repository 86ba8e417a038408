import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import stackProtector from './rule.ts';

/** What a function does before it calls NAME, of a file that has no canary, in hex. */
interface Case {
  readonly claim: string;
  readonly calls: string;
  readonly before: string;
  readonly fails: boolean;
}

const x86: readonly Case[] = [
  { claim: 'a buffer by the stack pointer', calls: 'strcpy', before: '488d7c2410', fails: true },
  { claim: 'a buffer at the stack pointer', calls: 'gets', before: '4889e7', fails: true },
  {
    claim: 'a buffer by the frame pointer',
    calls: 'sprintf',
    before: '488d45b04889c7',
    fails: true,
  },
  {
    claim: 'a buffer as the second argument, of a known size',
    calls: 'read',
    before: 'ba90010000488d742410',
    fails: true,
  },
  {
    claim: 'an element of a buffer',
    calls: 'recv',
    before: 'ba90010000488d743c10',
    fails: true,
  },
  {
    claim: 'a buffer with an index added',
    calls: 'read',
    before: 'ba900100004889e34801de',
    fails: true,
  },
  { claim: 'a copy of unknown size', calls: 'memcpy', before: '488d7c24104889c2', fails: true },
  {
    claim: 'a structure that is copied for a call',
    calls: 'memcpy',
    before: 'baa00f0000488d7c2410',
    fails: false,
  },
  {
    claim: 'a copy whose size a register takes over behind a constant',
    calls: 'memcpy',
    before: 'ba0a0000004863d0488d7c2410',
    fails: true,
  },
  {
    claim: 'an array of four characters',
    calls: 'fgets',
    before: 'be04000000488d7c2410',
    fails: false,
  },
  {
    claim: 'an array of 64 characters',
    calls: 'fgets',
    before: 'be40000000488d7c2410',
    fails: true,
  },
  {
    claim: 'elements of a file',
    calls: 'fread',
    before: 'be01000000ba40000000488d7c2410',
    fails: true,
  },
  {
    claim: 'a number of a file',
    calls: 'fread',
    before: 'be04000000ba01000000488d7c2410',
    fails: false,
  },
  { claim: 'a buffer behind a jump', calls: 'strcpy', before: '488d7c2410eb00', fails: false },
  { claim: 'a number that is read', calls: 'read', before: 'ba04000000488d742410', fails: false },
  { claim: 'a buffer that only is read', calls: 'puts', before: '488d7c2410', fails: false },
  { claim: 'memory from elsewhere', calls: 'strcpy', before: '488d4424104889df', fails: false },
  { claim: 'memory by %r12', calls: 'strcpy', before: '488d442410498d3c24', fails: false },
];

const aarch64: readonly Case[] = [
  // add x0,sp,#16
  { claim: 'a buffer by the stack pointer', calls: 'strcpy', before: 'e0430091', fails: true },
  // add x19,sp,#32; add x1,x19,w1,sxtw; mov w2,#400
  {
    claim: 'an element of a buffer',
    calls: 'read',
    before: 'f383009161c2218b02328052',
    fails: true,
  },
  // add x0,sp,#16; mov x1,#4000; mov x2,x1
  {
    claim: 'a structure that is copied for a call',
    calls: 'memcpy',
    before: 'e043009101f481d2e20301aa',
    fails: false,
  },
  // add x1,sp,#16; mov x0,x20
  { claim: 'memory from elsewhere', calls: 'strcpy', before: 'e1430091e00314aa', fails: false },
];

const startCode = 96;

/** A program that calls an import through a stub, as linkers make it. */
function program(machine: number, { calls, before }: Case): Elf {
  const stub = (at: bigint, slot: bigint) => {
    const code = Buffer.alloc(16, 0x90);
    if (machine === EM.X86_64) {
      code.writeUInt16BE(0xff25, 0);
      code.writeInt32LE(Number(slot - at) - 6, 2);
      return code;
    }
    const pages = Number((slot >> 12n) - (at >> 12n));
    code.writeUInt32LE((0x90000010 | ((pages & 3) << 29) | ((pages >> 2) << 5)) >>> 0, 0);
    code.writeUInt32LE((0xf9400211 | ((Number(slot & 0xfffn) / 8) << 10)) >>> 0, 4);
    code.writeUInt32LE(0xd61f0220, 8);
    return code;
  };
  const prepared = Buffer.from(before, 'hex');
  const call = Buffer.alloc(4 + (machine === EM.X86_64 ? 1 : 0));
  const from = startCode + 16 + prepared.length;
  if (machine === EM.X86_64) {
    call[0] = 0xe8;
    call.writeInt32LE(startCode - from - 5, 1);
  } else call.writeUInt32LE((0x94000000 | (((startCode - from) / 4) & 0x3ffffff)) >>> 0, 0);
  const build = (jump: Buffer) =>
    buildElf({
      machine,
      interpreter: '/lib/ld.so',
      needed: ['libc.so.6'],
      symbols: [{ name: calls }],
      relocations: [
        { type: machine === EM.X86_64 ? 7 : 1026, symbol: calls, at: { word: 3 }, plt: true },
      ],
      code: Buffer.concat([Buffer.alloc(startCode), jump, prepared, call]),
    });
  const empty = build(Buffer.alloc(16));
  const code = empty.region('code').address + BigInt(startCode);
  const slot = empty.region('data').address + 24n;
  return build(stub(code, slot)).elf;
}

describe('stack-protector: one function that hands a buffer of its frame to what fills it', () => {
  const machines = [
    { name: 'x86-64', machine: EM.X86_64, cases: x86 },
    { name: 'aarch64', machine: EM.AARCH64, cases: aarch64 },
  ];
  for (const { name, machine, cases } of machines) {
    for (const one of cases) {
      it(`${name}, ${one.calls}, ${one.claim}: ${one.fails ? 'fails' : 'is not proof'}`, () => {
        const { outcome, message } = verdictOf(stackProtector, program(machine, one));
        assert.equal(outcome === 'fail', one.fails, message);
        if (one.fails)
          assert.match(message, new RegExp(`hands a buffer in its frame to ${one.calls}$`));
      });
    }
  }
});
