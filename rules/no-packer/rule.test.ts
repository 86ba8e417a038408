import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import noPacker from './rule.ts';

testRule('no-packer', noPacker, [
  { name: 'passes a plain file', input: buildElf({}), outcome: 'pass', says: /own code/ },
]);
