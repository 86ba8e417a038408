import { DT } from '../../../../src/elf/constants.ts';
import { buildElf } from '../../../../test/support/elf/elf-builder.ts';
import { testRule } from '../../../../test/support/verdicts/rule-cases.ts';
import rule from './rule.ts';

const library = { soname: 'libx.so.1', needed: ['libwatch.so.1'] };

testRule('skeleton-name', rule, [
  {
    name: 'passes a plain library',
    input: buildElf(library),
    outcome: 'pass',
    says: /^what is the case/,
  },
  {
    name: 'fails a library that is watched',
    input: buildElf({ ...library, dynamic: [[DT.AUDIT, 1]] }),
    outcome: 'fail',
    severity: 'medium',
    says: /^what is wrong/,
  },
]);
