import { EM, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../test/support/elf/elf-description.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import rule from './rule.ts';

const module = (info: string, other: Partial<ElfDescription> = {}) =>
  buildElf({
    type: ET.REL,
    sections: [{ name: '.modinfo', content: Buffer.from(info) }],
    ...other,
  });

testRule('kernel-retpoline', rule, [
  {
    name: 'passes a module that says so',
    input: module('name=a\0retpoline=Y\0'),
    outcome: 'pass',
    says: /^its indirect branches are retpolines$/,
  },
  {
    name: 'fails a module that does not',
    input: module('name=a\0license=GPL\0'),
    outcome: 'fail',
    severity: 'medium',
    says: /^the module was built without retpolines$/,
  },
  {
    name: 'passes a module with the list of places, whatever it says',
    input: buildElf({
      type: ET.REL,
      sections: [
        { name: '.modinfo', content: Buffer.from('name=a\0') },
        { name: '.retpoline_sites', content: Buffer.alloc(4) },
      ],
    }),
    outcome: 'pass',
    says: /retpolines$/,
  },
  {
    name: 'says nothing of another machine',
    input: module('name=a\0', { machine: EM.AARCH64 }),
    outcome: 'not-applicable',
    says: /this is aarch64$/,
  },
  {
    name: 'says nothing of a program',
    input: buildElf({ interpreter: '/lib/ld.so' }),
    outcome: 'not-applicable',
    says: /not kernel code$/,
  },
]);
