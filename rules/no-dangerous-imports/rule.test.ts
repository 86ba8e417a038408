import { ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import noDangerousImports from './rule.ts';

const libc = { needed: ['libc.musl-x86_64.so.1'] };

function imports(...names: string[]) {
  return buildElf({ ...libc, symbols: names.map((name) => ({ name })) });
}

testRule('no-dangerous-imports', noDangerousImports, [
  {
    name: 'passes with functions that can be called safely, and lists those that need care',
    input: imports('strcpy', 'fgets'),
    outcome: 'pass',
    says: /right arguments: strcpy$/,
  },
  {
    name: 'fails gets',
    input: imports('gets', 'tmpnam'),
    outcome: 'fail',
    severity: 'high',
    says: /gets.*tmpnam/,
  },
  {
    name: 'fails mktemp',
    input: imports('mktemp'),
    outcome: 'fail',
    severity: 'medium',
    says: /predictable name/,
  },
  {
    name: 'fails rcmd',
    input: imports('rcmd'),
    outcome: 'fail',
    severity: 'low',
    says: /trust by address/,
  },
  {
    name: 'does not take a definition for a call',
    input: buildElf({ ...libc, symbols: [{ name: 'gets', defined: true }] }),
    outcome: 'pass',
    says: /nothing that is never safe$/,
  },
  {
    name: 'is unknown for a static program without names',
    // ret
    input: buildElf({ type: ET.EXEC, isDynamic: false, code: Buffer.from('c3', 'hex') }),
    outcome: 'unknown',
    says: /does not name/,
  },
  {
    name: 'does not apply where there is no C library',
    input: buildElf({ soname: 'libdata.so.1' }),
    outcome: 'not-applicable',
    says: /no C library/,
  },
]);
