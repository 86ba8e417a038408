import { DF, DT } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import noTextRelocations from './rule.ts';

const inHeaders = { type: 8, at: 0x10 };

const glibc = { soname: 'libx.so.1', needed: ['libc.so.6'] };

const musl = { soname: 'libx.so.1', needed: ['libc.musl-x86_64.so.1'] };

testRule('no-text-relocations', noTextRelocations, [
  {
    name: 'passes a library without',
    input: buildElf(glibc),
    outcome: 'pass',
    says: /^no relocation/,
  },
  {
    name: 'fails with the count',
    input: buildElf({ ...glibc, relocations: [inHeaders, inHeaders], dynamic: [[DT.TEXTREL, 0]] }),
    outcome: 'fail',
    severity: 'high',
    says: /^2 relocations are in memory that is not writable: the loader makes code writable/,
  },
  {
    name: 'reports what musl makes of it',
    input: buildElf({ ...musl, relocations: [inHeaders], dynamic: [[DT.TEXTREL, 0]] }),
    outcome: 'fail',
    severity: 'high',
    says: /under musl the whole library stays writable and executable$/,
  },
  {
    name: 'reports that nothing announces them',
    input: buildElf({ ...glibc, relocations: [inHeaders] }),
    outcome: 'fail',
    says: /crashes at start$/,
  },
  {
    name: 'fails a stale flag with low weight',
    input: buildElf({ ...glibc, dynamic: [[DT.FLAGS, DF.TEXTREL]] }),
    outcome: 'fail',
    severity: 'low',
    says: /stale flag/,
  },
  {
    name: 'fails a stale DT_TEXTREL under musl, which acts on it',
    input: buildElf({ ...musl, dynamic: [[DT.TEXTREL, 0]] }),
    outcome: 'fail',
    severity: 'high',
    says: /stale, and musl/,
  },
]);
