import { DF_1, DT } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import noDlopenSurprise from './rule.ts';

const needing = (...needed: readonly string[]) => buildElf({ soname: 'libx.so.1', needed });

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
