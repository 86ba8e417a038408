import noDlopenSurprise from '../../rules/no-dlopen-surprise.ts';
import safeNeeded from '../../rules/safe-needed.ts';
import standardInterpreter from '../../rules/standard-interpreter.ts';
import { DF_1, DT, EM } from '../../src/elf/constants.ts';
import { buildElf } from '../support/elf-builder.ts';
import { type RuleCase, testRule } from '../support/rule-cases.ts';

const needing = (...needed: readonly string[]) => buildElf({ soname: 'libx.so.1', needed });
const started = (interpreter: string, machine: number = EM.X86_64, bits: 32 | 64 = 64) =>
  buildElf({ interpreter, machine, bits, entry: 1, needed: ['libc.so'] });

testRule('safe-needed', safeNeeded, [
  {
    name: 'passes names',
    input: needing('libc.so.6', 'libz.so.1'),
    outcome: 'pass',
    says: /^all 2/,
  },
  {
    name: 'does not apply without needs',
    input: needing(),
    outcome: 'not-applicable',
    says: /no library/,
  },
  {
    name: 'fails a relative path',
    input: needing('libc.so.6', 'lib/a.so'),
    outcome: 'fail',
    severity: 'high',
    says: /"lib\/a\.so" is opened relative/,
  },
  {
    name: 'fails ./',
    input: needing('./a.so'),
    outcome: 'fail',
    severity: 'high',
    says: /relative/,
  },
  {
    name: 'fails an absolute path with low weight',
    input: needing('/opt/a.so'),
    outcome: 'fail',
    severity: 'low',
    says: /at this path/,
  },
  {
    name: 'reports the worst',
    input: needing('/opt/a.so', 'lib/b.so', '$ORIGIN/c.so'),
    outcome: 'fail',
    severity: 'high',
    says: /lib\/b\.so/,
  },
  {
    name: 'notes $ORIGIN under glibc',
    input: needing('libc.so.6', '$ORIGIN/a.so'),
    outcome: 'fail',
    severity: 'note',
    says: /beside the file/,
  },
  {
    name: 'fails $ORIGIN under musl',
    input: needing('libc.musl-x86_64.so.1', `\${ORIGIN}/a.so`),
    outcome: 'fail',
    severity: 'medium',
    says: /never found/,
  },
  {
    name: 'takes an unknown token for a relative path',
    input: needing('$HOME/a.so'),
    outcome: 'fail',
    severity: 'high',
    says: /relative/,
  },
]);

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

const tagged = (tag: number, libc = 'libc.so.6') =>
  buildElf({ soname: 'libx.so.1', needed: ['libwatch.so.1', libc], dynamic: [[tag, 1]] });

testRule('no-dlopen-surprise', noDlopenSurprise, [
  {
    name: 'passes a plain library',
    input: needing('libc.so.6'),
    outcome: 'pass',
    says: /names no audit/,
  },
  {
    name: 'notes -z nodlopen',
    input: buildElf({ soname: 'libx.so.1', dynamic: [[DT.FLAGS_1, DF_1.NOOPEN]] }),
    outcome: 'pass',
    says: /dlopen refuses/,
  },
  {
    name: 'fails DT_AUDIT',
    input: tagged(DT.AUDIT),
    outcome: 'fail',
    severity: 'medium',
    says: /^DT_AUDIT names "libwatch\.so\.1"/,
  },
  {
    name: 'fails DT_DEPAUDIT',
    input: tagged(DT.DEPAUDIT),
    outcome: 'fail',
    severity: 'medium',
    says: /^DT_DEPAUDIT/,
  },
  {
    name: 'fails DT_FILTER with low weight',
    input: tagged(DT.FILTER),
    outcome: 'fail',
    severity: 'low',
    says: /^DT_FILTER/,
  },
  {
    name: 'fails DT_AUXILIARY with low weight',
    input: tagged(DT.AUXILIARY),
    outcome: 'fail',
    severity: 'low',
    says: /^DT_AUXILIARY/,
  },
  {
    name: 'says that musl ignores it',
    input: tagged(DT.AUDIT, 'libc.musl-x86_64.so.1'),
    outcome: 'fail',
    severity: 'low',
    says: /musl ignores it$/,
  },
]);
