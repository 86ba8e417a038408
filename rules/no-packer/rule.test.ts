import { buildElf } from '../../test/support/elf-builder.ts';
import { testRule } from '../../test/support/rule-cases.ts';
import noPacker from './rule.ts';

testRule('no-packer', noPacker, [
  { name: 'passes a plain file', input: buildElf({}), outcome: 'pass', says: /own code/ },
]);
