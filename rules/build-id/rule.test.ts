import { ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import buildId from './rule.ts';

testRule('build-id', buildId, [
  {
    name: 'passes with a note',
    input: buildElf({
      notes: [{ owner: 'GNU', type: 3, description: Buffer.from('abcd', 'hex') }],
    }),
    outcome: 'pass',
    says: /abcd/,
  },
  {
    name: 'fails without',
    input: buildElf({}),
    outcome: 'fail',
    severity: 'note',
    says: /no build ID/,
  },
  {
    name: 'does not apply to debug information that gcc put next to an object',
    input: buildElf({
      type: ET.REL,
      code: Buffer.of(),
      sections: [{ name: '.debug_info.dwo', content: Buffer.alloc(16) }],
    }),
    outcome: 'not-applicable',
    says: /never linked/,
  },
]);
