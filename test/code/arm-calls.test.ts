import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { armCalls } from '../../src/code/machines/arm-calls.ts';

/** Code that ends in a call, in hex, and what it hands over. */
interface Handed {
  readonly claim: string;
  readonly code: string;
  readonly argument: number;
  readonly want: 'frame' | number | { readonly address: number } | null;
}

// T32, behind each: bl .
const bl = 'fff7feff';
// A32: bl .
const blA32 = 'feffffeb';

const handed: readonly Handed[] = [
  // mov r0,sp
  { claim: 'T32: the stack pointer', code: `6846${bl}`, argument: 0, want: 'frame' },
  // add r1,sp,#16; mov r0,r4
  { claim: 'T32: an address above it', code: `04a92046${bl}`, argument: 1, want: 'frame' },
  // add r4,sp,#8; bl; mov r0,r4
  { claim: 'T32: one that a call leaves', code: `02ac${bl}2046${bl}`, argument: 0, want: 'frame' },
  // add r0,sp,#8; bl
  { claim: 'T32: not one that a call may change', code: `02a8${bl}${bl}`, argument: 0, want: null },
  // add r7,sp,#0; b .+4; nop; mov r3,r7; mov r0,r3
  {
    claim: 'T32: the frame pointer, behind a jump',
    code: `00af00e000bf3b461846${bl}`,
    argument: 0,
    want: 'frame',
  },
  // add r7,sp,#0; adds r3,r7,#4; mov r1,r3
  { claim: 'T32: above the frame pointer', code: `00af3b1d1946${bl}`, argument: 1, want: 'frame' },
  // movs r7,r0; mov r0,r7
  {
    claim: 'T32: not r7 that holds something else',
    code: `07003846${bl}`,
    argument: 0,
    want: null,
  },
  // add r0,sp,#8; pop {r4,pc}; nop
  {
    claim: 'T32: not that of another function',
    code: `02a810bd00bf${bl}`,
    argument: 0,
    want: null,
  },
  // movs r1,#80
  { claim: 'T32: a small constant', code: `5021${bl}`, argument: 1, want: 80 },
  // mov.w r1,#0x50; movw r2,#4660
  { claim: 'T32: a wide constant', code: `4ff0500141f23422${bl}`, argument: 2, want: 0x1234 },
  // movs r2,#1; adds r2,#3
  { claim: 'T32: a sum of constants', code: `01220332${bl}`, argument: 2, want: 4 },
  // ldr r1,[pc,#4]; add r1,pc; bl; nop; .word 0x100
  {
    claim: 'T32: an address counted from the program counter',
    code: `01497944${bl}00010000`,
    argument: 1,
    want: { address: 0x1000 + 2 + 4 + 0x100 },
  },
  // movw r0,#0x1234; movt r0,#1
  {
    claim: 'T32: an address in two halves',
    code: `41f23420c0f20100${bl}`,
    argument: 0,
    want: { address: 0x11234 },
  },
  // mov r0,sp
  { claim: 'A32: the stack pointer', code: `0d00a0e1${blA32}`, argument: 0, want: 'frame' },
  // add r1,sp,#16
  { claim: 'A32: an address above it', code: `10108de2${blA32}`, argument: 1, want: 'frame' },
  // add fp,sp,#4; b .+8; nop; sub r3,fp,#72; mov r0,r3
  {
    claim: 'A32: below the frame pointer, behind a jump',
    code: `04b08de2000000ea00f020e348304be20300a0e1${blA32}`,
    argument: 0,
    want: 'frame',
  },
  // mov fp,r0; sub r0,fp,#8
  {
    claim: 'A32: not fp that holds something else',
    code: `00b0a0e108004be2${blA32}`,
    argument: 0,
    want: null,
  },
  // mov r0,sp; movne r0,r4
  {
    claim: 'A32: not what a condition decides',
    code: `0d00a0e10400a011${blA32}`,
    argument: 0,
    want: null,
  },
  // mov r1,#80
  { claim: 'A32: a constant', code: `5010a0e3${blA32}`, argument: 1, want: 80 },
  // mov r2,#4096
  { claim: 'A32: a constant that is rotated', code: `012aa0e3${blA32}`, argument: 2, want: 4096 },
  // ldr r1,[pc,#4]; add r1,pc,r1; bl; .word 0x100
  {
    claim: 'A32: an address counted from the program counter',
    code: `04109fe501108fe0${blA32}00010000`,
    argument: 1,
    want: { address: 0x1000 + 4 + 8 + 0x100 },
  },
  { claim: 'not an argument on the stack', code: `6846${bl}`, argument: 4, want: null },
];

describe('calls of 32-bit Arm', () => {
  for (const { claim, code, argument, want } of handed) {
    it(`${want === null ? 'does not take' : 'sees'} ${claim}`, () => {
      const bytes = Buffer.from(code, 'hex');
      const at = Math.max(code.lastIndexOf(bl), code.lastIndexOf(blA32)) / 2;
      const isOfFrame = armCalls.isOfFrame?.(bytes, at, argument);
      const constant = armCalls.constantArgument(bytes, at, argument);
      const address = armCalls.addressArgument?.(bytes, 0x1000, at, argument, null) ?? null;
      assert.equal(isOfFrame, want === 'frame');
      if (typeof want === 'object' && want !== null) assert.equal(address, want.address);
      else assert.equal(constant, typeof want === 'number' ? want : null);
    });
  }

  it('finds stubs, and where T32 enters them', () => {
    // bx pc; nop; add ip,pc,#0; add ip,ip,#4096; ldr pc,[ip,#2296]!
    const code = Buffer.from('7847c04600c68fe201ca8ce2f8f8bce5', 'hex');
    const found: number[][] = [];
    const slots = { least: 0x1000, most: 0x9000 };
    armCalls.visitStubs(code, 0x1000, slots, (...stub) => found.push(stub), null);
    const slot = 0x1004 + 8 + 4096 + 2296;
    assert.deepEqual(found, [
      [0x1004, slot],
      [0x1000, slot],
    ]);
  });

  it('finds calls and tail calls of both instruction sets', () => {
    const found: number[][] = [];
    // bl, blne and b of A32 to the first byte; bl, b.w and bne.w of T32 to it
    const code = Buffer.from('feffffebfdffff1bfcffffeafff7f8fffff7f6bf7ff4f4af', 'hex');
    const straight = { least: 0x1000, most: 0x1000 };
    const slots = { least: 0, most: -1 };
    armCalls.visitCalls(code, 0x1000, { straight, slots }, (...call) => found.push(call), null);
    assert.deepEqual(
      found.map(([at]) => at),
      [0, 4, 8, 12, 16, 20],
    );
  });
});
