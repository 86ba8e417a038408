import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sightingsOf } from '../../src/code/find-sightings.ts';
import { i386 } from '../../src/code/machines/i386.ts';
import { x86_64 } from '../../src/code/machines/x86-64.ts';
import { x86InstructionAt } from '../../src/code/machines/x86-instruction.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { sampleBinary, verdictsOf } from '../support/verdicts/verdicts-of.ts';

/** mov %fs:0x28,%rax; mov %rax,8(%rsp) */
const stored = '64488b0425280000004889442408';
/** mov 8(%rsp),%rax; sub %fs:0x28,%rax; jne 1f; add $24,%rsp; ret; 1: call */
const checked = '488b44240864482b04252800000075054883c418c3e800000000';
const toComparison = 5;

interface Case {
  readonly name: string;
  readonly machine?: 'i386';
  /** Before what is wanted. */
  readonly code: string;
  /** What stands there, and where in it the comparison is. */
  readonly behind?: readonly [code: string, comparison: number];
  /** null: it is not known. */
  readonly reached: boolean | null;
}

/** mov 8(%esp),%eax; sub %gs:0x14,%eax; jne 1f; ret; 1: call */
const narrow = ['8b442408652b05140000007501c3e800000000', 4] as const;

const cases: readonly Case[] = [
  { name: 'code that goes on to it', code: stored, reached: true },
  { name: 'a jump over it', code: `${stored}eb10`, reached: false },
  { name: 'a near jump over it', code: `${stored}e910000000`, reached: false },
  { name: 'a return before it', code: `${stored}4883c418c3`, reached: false },
  { name: 'an instruction that stops before it', code: `${stored}0f0b`, reached: false },
  { name: 'a branch over it', code: `${stored}7410`, reached: true },
  { name: 'a jump to it', code: `${stored}eb03c39090`, reached: true },
  {
    name: 'a branch to it, behind which the function returns',
    code: `${stored}7401c3`,
    reached: true,
  },
  { name: 'a near branch to it', code: `${stored}0f8401000000c3`, reached: true },
  { name: 'a loop to it', code: `${stored}e201c3`, reached: true },
  { name: 'the address of its code', code: `${stored}488d0501000000c3`, reached: true },
  { name: 'a jump over it behind a call', code: `${stored}e8000f0000eb10`, reached: false },
  {
    name: 'a constant that looks like a branch to it',
    code: `${stored}b800740190eb10`,
    reached: false,
  },
  { name: 'a jump to where a register leads', code: `${stored}ffe0`, reached: null },
  { name: 'an instruction that is not known', code: `${stored}9aeb10`, reached: null },
  { name: 'a jump over it', machine: 'i386', code: '31c0eb0d', behind: narrow, reached: false },
  { name: 'a branch to it', machine: 'i386', code: '31c07401c3', behind: narrow, reached: true },
];

describe('x86: whether a path through a function leads to its check', () => {
  for (const { name, machine, code, behind, reached } of cases) {
    it(`${machine ?? 'x86-64'}, ${name}: ${reached === null ? 'not known' : reached}`, () => {
      const paths = (machine === 'i386' ? i386 : x86_64.program).failure?.paths;
      assert.ok(paths);
      const [end, comparison] = behind ?? [checked, toComparison];
      const bytes = Buffer.from(code + end, 'hex');
      const check = code.length / 2 + comparison;
      const found = paths.follow(bytes, [0], [check]);
      assert.deepEqual(found?.unreached ?? null, reached === null ? null : reached ? [] : [check]);
      assert.equal(paths.mayBeSkipped(bytes, check), reached !== true || /c3|c39090$/.test(code));
    });
  }

  it('whether code is reached is known with a jump back between two offsets, and not with one to the first of them', () => {
    const { paths } = x86_64.program.failure ?? {};
    assert.ok(paths);
    const jump = Buffer.from('90e9f0ffffff', 'hex');
    assert.equal(paths.jumpsInto(jump, -20, -5), true);
    assert.equal(paths.jumpsInto(jump, -10, -5), false);
    assert.equal(paths.jumpsInto(jump, -9, 0), false);
  });
});

const programs = [
  'x86_64-glibc-gcc-pie-ssp-strong',
  'x86_64-musl-gcc-staticpie-strong-stripped',
  'i386-glibc-gcc-pie-hardened',
  'i386-musl-gcc-pie-hardened-stripped',
];

describe('a program that jumps over each check of its canaries', () => {
  for (const name of programs) {
    it(`${name} has no canary that protects`, () => {
      const sound = sampleBinary(name);
      assert.equal(outcomeOf(sound), 'pass');
      assert.equal(outcomeOf(withoutChecks(sound)), 'fail');
    });
  }
});

function outcomeOf(buffer: Buffer): string | undefined {
  return verdictsOf(buffer).get('stack-protector');
}

/** The load of the canary before each comparison becomes a jump to where the branch behind it leads if they are equal. */
function withoutChecks(sound: Buffer): Buffer {
  const edited = Buffer.from(sound);
  const checks = sightingsOf(readElf(bytesOf(sound)))?.canaryChecks ?? [];
  assert.ok(checks.length > 0);
  for (const check of checks) {
    const load = [4, 5, 3, 6, 7].find((length) => isLoad(sound, check - length, length));
    const branch = [7, 9].find((length) => isBranch(sound, check + length));
    assert.ok(load && branch, `at ${check}`);
    const after = check + branch + (sound[check + branch] === 0x0f ? 6 : 2);
    const isIfEqual = sound[check + branch] === 0x74;
    const target = isIfEqual ? after + sound.readInt8(after - 1) : after;
    edited.fill(0x90, check - load, check - 2);
    edited[check - 2] = 0xeb;
    edited[check - 1] = target - check;
  }
  return edited;
}

/** `mov d(%rsp|%rbp),r`, of 32 or 64 bits. */
function isLoad(bytes: Buffer, at: number, length: number): boolean {
  const hasRex = (bytes[at] ?? 0) >> 4 === 4;
  const opcodeAt = hasRex ? at + 1 : at;
  const instruction = x86InstructionAt(bytes, at, hasRex);
  return bytes[opcodeAt] === 0x8b && instruction?.end === at + length;
}

function isBranch(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x74 || bytes[at] === 0x75 || (bytes[at] === 0x0f && bytes[at + 1] === 0x85);
}
