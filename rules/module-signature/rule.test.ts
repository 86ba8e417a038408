import { ET } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { BuiltElf } from '../../test/support/elf/elf-description.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import rule from './rule.ts';

/** A module of that kernel; `about`: what is said of the signature that follows it, none where it is null. */
function module(version: string, about: string | null): BuiltElf {
  const built = buildElf({
    type: ET.REL,
    sections: [
      { name: '.modinfo', content: Buffer.from(`name=a\0vermagic=${version} SMP mod_unload \0`) },
    ],
  });
  if (about === null) return built;
  const mark = Buffer.from('~Module signature appended~\n');
  const tail = [Buffer.alloc(256, 7), Buffer.from(about, 'hex'), mark];
  const buffer = Buffer.concat([built.buffer, ...tail]);
  return { ...built, buffer, elf: readElf(bytesOf(buffer)) };
}

testRule('module-signature', rule, [
  {
    name: 'passes a module with PKCS #7 behind it',
    input: module('6.6.0', '000002000000000000000100'),
    outcome: 'pass',
    says: /^a signature follows the module$/,
  },
  {
    name: 'fails a module without a signature',
    input: module('6.6.0', null),
    outcome: 'fail',
    severity: 'low',
    says: /^it is not signed$/,
  },
  {
    name: 'fails a signature that is longer than the module',
    input: module('6.6.0', '0000020000000000ffffffff'),
    outcome: 'fail',
    severity: 'low',
    says: /no kernel can read the signature$/,
  },
  {
    name: 'fails the old form for a kernel that does not read it',
    input: module('4.3.0', '010401080400000000000100'),
    outcome: 'fail',
    severity: 'low',
    says: /of the form before Linux 4.3/,
  },
  {
    name: 'passes the old form for a kernel that reads it',
    input: module('4.2.8-custom', '010401080400000000000100'),
    outcome: 'pass',
    says: /follows the module$/,
  },
  {
    name: 'says nothing of a program',
    input: buildElf({ interpreter: '/lib/ld.so' }),
    outcome: 'not-applicable',
    says: /not a kernel module$/,
  },
]);
