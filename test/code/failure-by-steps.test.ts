import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sightingsOf } from '../../src/code/find-sightings.ts';
import type { FailureLooks } from '../../src/code/machine.ts';
import { machineOf } from '../../src/code/machine-of.ts';
import { armFailure } from '../../src/code/machines/arm-failure.ts';
import { powerpcFailure } from '../../src/code/machines/powerpc-failure.ts';
import { riscvFailure } from '../../src/code/machines/riscv64-failure.ts';
import { s390xFailure } from '../../src/code/machines/s390x-failure.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { sampleBinary, verdictsOf } from '../support/verdicts/verdicts-of.ts';

const powerpc = powerpcFailure('little');

/** As compilers write it; a check is at the start of its code. */
const cases: readonly {
  readonly name: string;
  readonly looks: FailureLooks;
  readonly code: string;
  /** Where the differing canary leads, as an offset in the code: `return` is a function that returns at once there. */
  readonly leads: boolean;
}[] = [
  {
    name: 'T32: `bne` to a call',
    looks: armFailure,
    // mov.w r3,#0; bne 1f; pop {r4,pc}; 1: bl 2f; nop; 2: push {r3,lr}; bl abort
    code: '4ff0000301d110bd00bf00f001f800bf08b5fff7feff',
    leads: true,
  },
  {
    name: 'T32: `bne` to a call of a function that returns at once',
    looks: armFailure,
    // mov.w r3,#0; bne 1f; pop {r4,pc}; nop; 1: bl 2f; nop; 2: bx lr
    code: '4ff0000301d110bd00bf00f001f800bf704700bf',
    leads: false,
  },
  {
    name: 'A32: `bne` to a call of a function that returns at once',
    looks: armFailure,
    // mov r3,#0; bne 1f; pop {r4,pc}; 1: bl 2f; 2: bx lr; nop
    code: '0030a0e30000001a1080bde8ffffffeb1eff2fe100f020e3',
    leads: false,
  },
  {
    name: 'RISC-V: `bnez` to a call of a function that returns at once',
    looks: riscvFailure,
    // li a4,0; bnez a5,1f; ret; 1: jal ra,2f; 2: ret
    code: '014791e38280ef0040008280',
    leads: false,
  },
  {
    name: 'RISC-V: `bnez` to a call of a function that stops',
    looks: riscvFailure,
    // li a4,0; bnez a5,1f; ret; 1: jal ra,2f; 2: ebreak
    code: '014791e38280ef0040000290',
    leads: true,
  },
  {
    name: 'PowerPC: `bne` to a call of a function that returns at once',
    looks: powerpc,
    // ld r10,-28688(r13); xor. r9,r9,r10; bne 1f; blr; 1: bl 2f; 2: blr
    code: 'f08f4de97952297d080082402000804e050000482000804e',
    leads: false,
  },
  {
    name: 'PowerPC: `bne` to a call of a function that stops',
    looks: powerpc,
    // the same; 2: trap
    code: 'f08f4de97952297d080082402000804e050000480800e07f',
    leads: true,
  },
  {
    name: 's390x: `jne` to a call of a function that returns at once',
    looks: s390xFailure,
    // clc 160(8,%r15),40(%r1); jne 1f; br %r14; 1: brasl %r14,2f; 2: br %r14
    code: 'd507f0a01028a774000307fec0e50000000307fe',
    leads: false,
  },
  {
    name: 's390x: `je` over a call of a function that stops',
    looks: s390xFailure,
    // clc 160(8,%r15),40(%r1); je 1f; brasl %r14,2f; 1: br %r14; 2: svc 1
    code: 'd507f0a01028a7840005c0e50000000407fe0a01',
    leads: true,
  },
];

describe('what a check leads to where the canary differs', () => {
  for (const { name, looks, code, leads } of cases) {
    it(`${name} comes to ${leads ? 'something' : 'nothing'}`, () => {
      const bytes = Buffer.from(code, 'hex');
      const read = (offset: number, length: number) => bytes.subarray(offset, offset + length);
      const isLive = (target: number | null) =>
        target === null || looks.returnsAtOnce(read, target) !== true;
      assert.equal(looks.leadsTo(read, 0, isLive), leads);
    });
  }
});

/** The shortest function, by sample. */
const programs: readonly (readonly [name: string, returns: string])[] = [
  ['ppc64le-musl-gcc-staticpie-strong-stripped', '2000804e'],
  ['s390x-musl-gcc-staticpie-strong-stripped', '07fe0700'],
  ['aarch64-musl-gcc-staticpie-strong-stripped', 'c0035fd6'],
  ['x86_64-musl-gcc-staticpie-strong-stripped', 'c3909090'],
];

describe('a static program whose __stack_chk_fail returns at once', () => {
  for (const [name, returns] of programs) {
    it(`${name} has no canary that protects`, () => {
      const sound = sampleBinary(name);
      assert.equal(outcomeOf(sound), 'pass');
      const broken = Buffer.from(sound);
      const failure = failureOf(broken);
      Buffer.from(returns, 'hex').copy(broken, failure);
      assert.equal(outcomeOf(broken), 'fail');
    });
  }
});

function outcomeOf(buffer: Buffer): string | undefined {
  return verdictsOf(buffer).get('stack-protector');
}

/** File offset of what most checks call. */
function failureOf(buffer: Buffer): number {
  const elf = readElf(bytesOf(buffer));
  const failure = machineOf(elf.header)?.failure;
  assert.ok(failure);
  const counts = new Map<number, number>();
  const read = (offset: number, length: number) => buffer.subarray(offset, offset + length);
  for (const check of sightingsOf(elf)?.canaryChecks ?? []) {
    failure.leadsTo(read, check, (target) => {
      if (target !== null) counts.set(target, (counts.get(target) ?? 0) + 1);
      return true;
    });
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  assert.ok(most);
  return most[0];
}
