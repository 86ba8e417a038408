import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import safeNeeded from './rule.ts';

const needing = (...needed: readonly string[]) => buildElf({ soname: 'libx.so.1', needed });

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
    says: /next to the file/,
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
