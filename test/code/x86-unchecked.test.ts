import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { x86_64 } from '../../src/code/machines/x86-64.ts';

/** mov %fs:0x28,%rax; mov %rax,0x48(%rsp) */
const stored = '64488b0425280000004889442448';
/** sub %fs:0x28,%rax */
const compared = '64482b042528000000';

const cases: readonly { readonly name: string; readonly code: string; readonly want: boolean }[] = [
  { name: 'ret behind the frame', code: `${stored}4883c4505bc3`, want: true },
  {
    name: 'a jump to a thunk that returns for it',
    code: `${stored}4883c4505be900100000`,
    want: true,
  },
  { name: 'a jump behind leave', code: `${stored}c9e900100000`, want: true },
  { name: 'a thunk in the function itself', code: `${stored}488d642408c3`, want: true },
  { name: 'a jump to where a register leads', code: `${stored}4883c4505bffe0`, want: true },
  {
    name: 'the same of a high register, and through memory',
    code: `${stored}c941ffe3`,
    want: true,
  },
  { name: 'a jump through memory', code: `${stored}4883c450ff6010`, want: true },
  {
    name: 'a jump to one of several places, with its frame',
    code: `${stored}4801d03effe0`,
    want: false,
  },
  { name: 'a jump in the function', code: `${stored}4883c4505be9f0ffffff`, want: false },
  { name: 'a jump to its cold part, with its frame', code: `${stored}31c0e900100000`, want: false },
  {
    name: 'a comparison with a branch',
    code: `${stored}${compared}75064883c4505bc3e800000000`,
    want: false,
  },
  {
    name: 'a comparison whose branch leads to the next instruction',
    code: `${stored}${compared}75004883c4505bc3e800000000`,
    want: true,
  },
];

describe('x86-64: a function returns without a look at its canary', () => {
  for (const { name, code, want } of cases) {
    it(`${name}: ${want ? 'it does' : 'it does not'}`, () => {
      assert.equal(
        x86_64.program.returnsUnchecked?.(Buffer.from(code, 'hex'), () => false),
        want,
      );
    });
  }
});
