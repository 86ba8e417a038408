import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import noDebugLeak from './rule.ts';

const libc = { needed: ['libc.musl-x86_64.so.1'] };

testRule('no-debug-leak', noDebugLeak, [
  {
    name: 'passes a stripped file',
    input: buildElf(libc),
    outcome: 'pass',
    says: /no build path$/,
  },
  {
    name: 'passes with a symbol table, and says so',
    input: buildElf({ ...libc, staticSymbols: [{ name: 'main', defined: true }] }),
    outcome: 'pass',
    says: /symbol table was kept/,
  },
  {
    name: 'fails a path in a string',
    input: buildElf({ ...libc, code: Buffer.from('\0/home/ann/app/main.c\0') }),
    outcome: 'fail',
    severity: 'note',
    says: /a path of the build \(\/home\/ann\/app\/main\.c\)/,
  },
]);
