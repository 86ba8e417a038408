import { EM } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { type RuleCase, testRule } from '../../test/support/verdicts/rule-cases.ts';
import standardInterpreter from './rule.ts';

const needing = (...needed: readonly string[]) => buildElf({ soname: 'libx.so.1', needed });

const started = (interpreter: string, machine: number = EM.X86_64, bits: 32 | 64 = 64) =>
  buildElf({ interpreter, machine, bits, entry: 1, needed: ['libc.so'] });

const standard: readonly [string, number, (32 | 64)?][] = [
  ['/lib64/ld-linux-x86-64.so.2', EM.X86_64],
  ['/usr/lib64/ld-linux-x86-64.so.2', EM.X86_64],
  ['/libx32/ld-linux-x32.so.2', EM.X86_64, 32],
  ['/lib/ld-musl-x86_64.so.1', EM.X86_64],
  ['/lib/ld-linux.so.2', EM.I386, 32],
  ['/lib/ld-musl-aarch64.so.1', EM.AARCH64],
  ['/lib/ld-linux-armhf.so.3', EM.ARM, 32],
  ['/lib/ld-linux-riscv64-lp64d.so.1', EM.RISCV],
  ['/lib64/ld64.so.2', EM.PPC64],
  ['/lib/ld64.so.1', EM.S390],
  ['/lib/ld.so.1', EM.MIPS, 32],
  ['/system/bin/linker64', EM.AARCH64],
  ['/nix/store/0c7c96gikmzv87i7lv3vq5s1cmfjd6zf-glibc-2.38/lib/ld-linux-x86-64.so.2', EM.X86_64],
];

testRule('standard-interpreter', standardInterpreter, [
  ...standard.map(
    ([path, machine, bits]): RuleCase => ({
      name: `passes ${path}`,
      input: started(path, machine, bits),
      outcome: 'pass',
      says: /^the interpreter is "/,
    }),
  ),
  {
    name: 'fails a relative path',
    input: started('lib/ld.so'),
    outcome: 'fail',
    severity: 'high',
    says: /relative/,
  },
  {
    name: 'fails one below /tmp',
    input: started('/tmp/ld-linux-x86-64.so.2'),
    outcome: 'fail',
    severity: 'high',
    says: /others/,
  },
  {
    name: 'fails one that climbs',
    input: started('/lib64/../tmp/ld.so'),
    outcome: 'fail',
    severity: 'high',
    says: /others/,
  },
  {
    name: 'fails a path of its own with low weight',
    input: started('/opt/app/ld-linux-x86-64.so.2'),
    outcome: 'fail',
    severity: 'low',
    says: /no C library/,
  },
  {
    name: 'fails the loader of another machine with low weight',
    input: started('/lib/ld-musl-aarch64.so.1'),
    outcome: 'fail',
    severity: 'low',
    says: /on x86-64/,
  },
  {
    name: 'does not apply to libraries',
    input: needing('libc.so.6'),
    outcome: 'not-applicable',
    says: /library/,
  },
]);
