import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canaryInstructions } from '../../src/code/canaries/canary.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';

/** A32, before `bl` to some address of the code. */
// ldr r2,[r3]; ldr r3,[sp,#4]; eors r2,r2,r3; mov r3,#0; bne .+8; bx lr
const check = '002093e504309de5032032e00030a0e30000001a1eff2fe1';
// ldr r2,[sp]; ldr r3,[r4]; cmp r2,r3; bne .+8; bx lr
const comparison = '00209de5003094e5030052e10000001a1eff2fe1';

const failure = 0;
const own = 8;
const functions = 'feffffea00000000'.repeat(2);

/** A static program: `checks` functions that check a canary and call one function, and others that call another one. */
function program(checks: number, comparisons: number) {
  let code = Buffer.from(functions, 'hex');
  const add = (pattern: string, callee: number) => {
    const body = Buffer.from(pattern, 'hex');
    const call = Buffer.alloc(4);
    const at = code.length + body.length;
    call.writeUInt32LE((0xeb000000 | (((callee - at - 8) / 4) & 0xffffff)) >>> 0);
    code = Buffer.concat([code, body, call]);
  };
  for (let index = 0; index < checks; index += 1) add(check, failure);
  for (let index = 0; index < comparisons; index += 1) add(comparison, own);
  return buildElf({ machine: EM.ARM, bits: 32, type: ET.EXEC, isDynamic: false, code }).elf;
}

describe('comparisons of a static program that lead to another function than its checks', () => {
  it('are not canaries, however many there are', () => {
    assert.equal(canaryInstructions(program(8, 20))?.length, 8);
  });

  it('are canaries where no check shows what is called', () => {
    assert.equal(canaryInstructions(program(0, 20))?.length, 20);
  });
});
