import { DF_1, DT, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import pie from './rule.ts';

const interpreter = '/lib/ld-musl-x86_64.so.1';

const libc = { needed: ['libc.musl-x86_64.so.1'] };

testRule('pie', pie, [
  {
    name: 'passes ET_DYN with DF_1_PIE',
    input: buildElf({ interpreter, ...libc, dynamic: [[DT.FLAGS_1, DF_1.PIE]] }),
    outcome: 'pass',
    says: /^is a PIE/,
  },
  {
    name: 'passes a PIE whose linker wrote no DF_1_PIE',
    input: buildElf({ interpreter, ...libc }),
    outcome: 'pass',
    says: /^is a PIE/,
  },
  {
    name: 'passes a static PIE without an interpreter',
    input: buildElf({ entry: 0x1000, dynamic: [[DT.FLAGS_1, DF_1.PIE]] }),
    outcome: 'pass',
    says: /static PIE/,
  },
  {
    name: 'fails ET_EXEC',
    input: buildElf({ type: ET.EXEC, interpreter, ...libc }),
    outcome: 'fail',
    severity: 'high',
    says: /fixed address$/,
  },
  {
    name: 'fails a program that only says it is of Go, as any other',
    input: buildElf({
      type: ET.EXEC,
      isDynamic: false,
      notes: [{ owner: 'Go', type: 4, description: Buffer.from('id/x') }],
    }),
    outcome: 'fail',
    severity: 'high',
    says: /fixed address$/,
  },
  {
    name: 'does not apply to a library',
    input: buildElf({ ...libc, soname: 'libx.so' }),
    outcome: 'not-applicable',
    says: /shared library/,
  },
  {
    name: 'does not apply to a library that can be run',
    input: buildElf({
      interpreter,
      soname: 'libc.so.6',
      symbols: [{ name: 'printf', defined: true }],
    }),
    outcome: 'not-applicable',
    says: /can also be run/,
  },
  {
    name: 'does not apply to musl’s loader',
    input: buildElf({ entry: 0x1000, symbols: [{ name: '_dl_debug_addr', defined: true }] }),
    outcome: 'not-applicable',
    says: /loader/,
  },
  {
    name: 'does not apply to a core file',
    input: buildElf({ type: ET.CORE }),
    outcome: 'not-applicable',
    says: /core/,
  },
]);
