import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { EM } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { trapHint } from '../../src/facts/fortify/fortify-state.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import rule from './rule.ts';

const ofMusl = (machine: number, interpreter: string) =>
  buildElf({ machine, interpreter, symbols: [{ name: 'memcpy' }] });
const calling = (...names: readonly string[]) =>
  buildElf({
    machine: EM.RISCV,
    interpreter: '/lib/ld-musl-riscv64.so.1',
    symbols: names.map((name) => ({ name })),
  });

testRule('fortify-source', rule, [
  {
    name: 'does not apply under musl where only formats go to streams, which its headers do not check',
    input: calling('printf', 'vfprintf'),
    outcome: 'not-applicable',
    says: /^no function is called that headers for musl check: they leave printf and vfprintf alone$/,
  },
  {
    name: 'does not apply under musl where files are opened and addresses are read',
    input: calling('open', 'inet_pton', 'syslog'),
    outcome: 'not-applicable',
    says: /headers for musl/,
  },
  {
    name: 'is undecided under musl where one more function may be checked',
    input: calling('printf', 'snprintf'),
    outcome: 'unknown',
    says: /^musl has no checked variants/,
  },
  {
    name: 'is undecided under musl on RISC-V, where it does not know how the checks look',
    input: ofMusl(EM.RISCV, '/lib/ld-musl-riscv64.so.1'),
    outcome: 'unknown',
    says: /how the checks of fortify-headers look on the machine that it is for is not known$/,
  },
  {
    name: 'is undecided under musl on 32-bit Arm, for the same reason',
    input: buildElf({
      machine: EM.ARM,
      bits: 32,
      interpreter: '/lib/ld-musl-armhf.so.1',
      symbols: [{ name: 'memcpy' }],
    }),
    outcome: 'unknown',
    says: /how the checks of fortify-headers look on the machine that it is for is not known$/,
  },
  {
    name: 'is undecided under musl where there is too little code',
    input: ofMusl(EM.X86_64, '/lib/ld-musl-x86_64.so.1'),
    outcome: 'unknown',
    says: /the code is too small or too mixed/,
  },
]);

it('does not take traps for a sign of fortify-headers where a runtime traps by itself', () => {
  const traps = { count: 9, codeSize: 4096 };
  const hintOf = (sample: string) => {
    const file = readFileSync(join(repositoryRoot, 'samples/elf', sample));
    return trapHint(readElf(bytesOf(file)), traps, 9);
  };
  assert.equal(hintOf('x86_64-glibc-rust-pie-stripped'), 'foreign');
  assert.equal(hintOf('x86_64-musl-gcc-pie-hardened'), 'likely');
});
