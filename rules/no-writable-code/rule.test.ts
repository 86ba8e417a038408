import { PF, PT } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import noWritableCode from './rule.ts';

testRule('no-writable-code', noWritableCode, [
  { name: 'passes R E and RW', input: buildElf({}), outcome: 'pass', says: /^none of 2 PT_LOAD/ },
  {
    name: 'fails RWE',
    input: buildElf({ loadFlags: [PF.R | PF.X, 7] }),
    outcome: 'fail',
    severity: 'high',
    says: /^a PT_LOAD segment is writable and executable$/,
  },
  {
    name: 'fails WE without R',
    input: buildElf({ loadFlags: [PF.W | PF.X, 3] }),
    outcome: 'fail',
    says: /^2 of 2 PT_LOAD segments/,
  },
  {
    name: 'fails executable thread-local data with low weight',
    input: buildElf({ segments: [{ type: PT.TLS, flags: PF.R | PF.X }] }),
    outcome: 'fail',
    severity: 'low',
    says: /thread-local/,
  },
]);
