import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FrameAddresses, StackMoves } from '../../src/code/machine.ts';
import {
  armFrameAddresses,
  loongarchFrameAddresses,
  mipsFrameAddresses,
  powerpcFrameAddresses,
  riscvFrameAddresses,
  s390xFrameAddresses,
} from '../../src/code/machines/frame-pointers.ts';
import { s390x } from '../../src/code/machines/s390x.ts';
import {
  aarch64StackMoves,
  armStackMoves,
  loongarchStackMoves,
  mipsStackMoves,
  powerpcStackMoves,
  riscvStackMoves,
  x86StackMoves,
} from '../../src/code/machines/stack-moves.ts';
import {
  narrowSetUp,
  wideSetUp,
  x86IndexedStores,
} from '../../src/code/machines/x86-indexed-stores.ts';

const whole = Number.POSITIVE_INFINITY;

/** Code as objdump shows it: `words` of the machine's order, or bytes. */
const moves: readonly {
  readonly name: string;
  readonly find: StackMoves | null;
  readonly code: Buffer;
  readonly want: readonly number[];
}[] = [
  {
    name: 'x86: sub, add',
    find: x86StackMoves,
    code: hex('4881ec300100004881c430010000c3'),
    want: [-304, 304],
  },
  { name: 'x86: leave', find: x86StackMoves, code: hex('4881ec30010000c9c3'), want: [-304, whole] },
  {
    name: 'x86: the frame pointer gives back what it was set up from',
    find: x86StackMoves,
    code: hex('81ecf80300008d65f85b5e5dc3'),
    want: [-1016, whole],
  },
  { name: 'x86: cut short', find: x86StackMoves, code: hex('4881ec3001'), want: [] },
  {
    name: 'aarch64: sub and add, in pages too',
    find: aarch64StackMoves,
    code: words(0xd10443ff, 0xd14007ff, 0x914007ff, 0x910443ff, 0x910003fd),
    want: [-272, -4096, 4096, 272],
  },
  {
    name: 'aarch64: stp and ldp of the frame record',
    find: aarch64StackMoves,
    code: words(0xa9ae7bfd, 0xa8d27bfd),
    want: [-288, 288],
  },
  {
    name: 'arm: T32 of both lengths',
    find: armStackMoves,
    code: halfwords(0xb0c4, 0xf5ad, 0x7d48, 0xf50d, 0x7d48, 0xb044, 0x46bd),
    want: [-272, -800, 800, 272, whole],
  },
  {
    name: 'arm: A32',
    find: armStackMoves,
    code: words(0xe24ddfc8, 0xe28ddfc8),
    want: [-800, 800],
  },
  {
    name: 'arm: A32 by its frame pointer',
    find: armStackMoves,
    code: words(0xe24dde3f, 0xe24bd008),
    want: [-1008, whole],
  },
  {
    name: 'riscv: both lengths',
    find: riscvStackMoves,
    code: halfwords(0x7169, 0x0113, 0x8301, 0x0113, 0x7d01, 0x6155),
    want: [-304, -2000, 2000, 304],
  },
  {
    name: 'riscv: no half of an instruction',
    find: riscvStackMoves,
    code: halfwords(0x0013, 0x7169),
    want: [],
  },
  {
    name: 'powerpc: stdu, addi r1 from r1 and r31',
    find: powerpcStackMoves('little'),
    code: words(0xf821ffb1, 0x383f0050, 0x38210050),
    want: [-80, 80, 80],
  },
  {
    name: 'mips: addiu',
    find: mipsStackMoves('big'),
    code: hex('27bdffd003a0f02527bd0030'),
    want: [-48, 48],
  },
  {
    name: 'loongarch: addi.d',
    find: loongarchStackMoves,
    code: words(0x02f80063, 0x02c80063),
    want: [-512, 512],
  },
  {
    name: 's390x: lay, aghi and lmg',
    find: s390x.stackMoves,
    code: hex('e3f0ff40ff71a7fbff10ebbfb1180004'),
    want: [-192, -240, whole],
  },
];

describe('moves of the stack pointer', () => {
  for (const { name, find, code, want } of moves) {
    it(name, () => {
      const seen: number[] = [];
      assert.ok(find !== null);
      find(code, (bytes) => seen.push(bytes));
      // One pass for each instruction set of ARM: the order does not matter.
      assert.deepEqual(
        seen.filter((bytes) => bytes !== 0).sort(byNumber),
        [...want].sort(byNumber),
      );
    });
  }
});

const addresses: readonly {
  readonly name: string;
  readonly find: FrameAddresses;
  readonly code: Buffer;
  readonly want: readonly number[];
}[] = [
  {
    name: 'powerpc',
    find: powerpcFrameAddresses('little'),
    code: words(0x393f0020, 0x7c3f0b78, 0x393f0020, 0x383f0050, 0x38210050),
    want: [8],
  },
  {
    name: 'mips',
    find: mipsFrameAddresses('big'),
    code: hex('27c2001803a0f02527c2001803c0e82527de0000'),
    want: [8],
  },
  {
    name: 'loongarch',
    find: loongarchFrameAddresses,
    code: words(0x02c08076, 0x02ff82cc, 0x02c042cc),
    want: [4],
  },
  {
    name: 'riscv, below s0 and by sums',
    find: riscvFrameAddresses,
    // addi a5,s0,-32 before and behind addi s0,sp,48; addi a5,s0,8; add a0,a0,s0 by c.add; sub a0,s0,a0
    code: halfwords(0x0793, 0xfe04, 0x1800, 0x0793, 0xfe04, 0x0793, 0x0084, 0x9522, 0x0533, 0x40a4),
    want: [6, 14, 16],
  },
  {
    name: 'arm, T32',
    find: armFrameAddresses,
    code: halfwords(0xf107, 0x0308, 0xaf00, 0xf107, 0x0308, 0x1d3b, 0x3718, 0x46bd),
    want: [6, 10],
  },
  {
    name: 'arm, A32',
    find: armFrameAddresses,
    code: words(0xe24b3014, 0xe28db004, 0xe24b3014, 0xe24bd004),
    want: [8],
  },
  {
    name: 's390x',
    find: s390xFrameAddresses,
    code: hex('4110b0d0b90400bf4110b0d0ec1b00b000d9e310b0d00071ebbfb1180004'),
    want: [8, 12, 18],
  },
  {
    name: 's390x, stores at an index',
    find: s390xFrameAddresses,
    code: hex('4212b0a0b90400bf4212b0a05010b0a0e311b0a00024'),
    want: [8, 16],
  },
  {
    name: 'x86-64: stores at an index below the frame pointer, from its setting up to the end of the function',
    find: x86IndexedStores(wideSetUp),
    code: hex('885405b0554889e5885405b088540510c6440db001c9c3885405b0'),
    want: [8, 16],
  },
  {
    name: 'x86-64: addresses of elements at an index, below the frame pointer only',
    find: x86IndexedStores(wideSetUp),
    code: hex('554889e5488d743dc04c8d8cbd00ffffff488d743d08c9c3'),
    want: [5, 10],
  },
  {
    name: 'i386: likewise',
    find: x86IndexedStores(narrowSetUp),
    code: hex('885405c05531c089e5885405c089948500ffffffc989d0c3885405c0'),
    want: [9, 13],
  },
];

describe('addresses computed from a frame pointer, once it is set up', () => {
  for (const { name, find, code, want } of addresses) {
    it(name, () => assert.deepEqual(find(code), want));
    it(`${name}: none is read past the end of code`, () => {
      for (let end = 0; end < code.length; end += 1) {
        assert.ok(find(code.subarray(0, end)).every((at) => at < end));
      }
    });
  }
});

function byNumber(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

function halfwords(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2);
  return bytes;
}
