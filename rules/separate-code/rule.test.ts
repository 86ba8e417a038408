import { PF } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import separateCode from './rule.ts';

testRule('separate-code', separateCode, [
  {
    name: 'notes headers among code',
    input: buildElf({}),
    outcome: 'fail',
    severity: 'note',
    says: /share a segment with code/,
  },
  {
    name: 'does not apply without code',
    input: buildElf({ loadFlags: [PF.R, 6] }),
    outcome: 'not-applicable',
    says: /no executable segment/,
  },
  {
    name: 'passes when code is in the other segment',
    input: buildElf({ loadFlags: [PF.R, 5] }),
    outcome: 'pass',
    says: /segments of its own/,
  },
]);
