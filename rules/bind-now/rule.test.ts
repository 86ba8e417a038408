import { DF, DF_1, DT, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import bindNow from './rule.ts';

const slot = { type: 7, at: { word: 1 }, plt: true };
const glibc = { needed: ['libc.so.6'], relocations: [slot, slot] };
const musl = { needed: ['libc.musl-x86_64.so.1'], relocations: [slot] };

testRule('bind-now', bindNow, [
  {
    name: 'fails with the number of lazily bound functions',
    input: buildElf(glibc),
    outcome: 'fail',
    severity: 'low',
    says: /^2 functions are bound at the first call/,
  },
  {
    name: 'passes with DT_BIND_NOW',
    input: buildElf({ ...glibc, dynamic: [[DT.BIND_NOW, 0]] }),
    outcome: 'pass',
    says: /binding at start/,
  },
  {
    name: 'passes with DF_BIND_NOW',
    input: buildElf({ ...glibc, dynamic: [[DT.FLAGS, DF.BIND_NOW]] }),
    outcome: 'pass',
    says: /binding at start/,
  },
  {
    name: 'passes with DF_1_NOW',
    input: buildElf({ ...glibc, dynamic: [[DT.FLAGS_1, DF_1.NOW]] }),
    outcome: 'pass',
    says: /binding at start/,
  },
  {
    name: 'does not apply where nothing is bound lazily',
    input: buildElf({ needed: ['libc.so.6'] }),
    outcome: 'not-applicable',
    says: /nothing in this file/,
  },
  {
    name: 'does not apply under musl, which never binds lazily',
    input: buildElf(musl),
    outcome: 'not-applicable',
    says: /^musl binds/,
  },
  {
    name: 'is unknown where relocation types are not known',
    input: buildElf({ ...glibc, machine: 0x7777 }),
    outcome: 'unknown',
    says: /relocation types/,
  },
  {
    name: 'does not apply to object files',
    input: buildElf({ type: ET.REL }),
    outcome: 'not-applicable',
    says: /object files/,
  },
]);
