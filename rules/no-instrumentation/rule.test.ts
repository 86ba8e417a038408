import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import noInstrumentation from './rule.ts';

const libc = { needed: ['libc.musl-x86_64.so.1'] };

function imports(...names: string[]) {
  return buildElf({ ...libc, symbols: names.map((name) => ({ name })) });
}

testRule('no-instrumentation', noInstrumentation, [
  { name: 'passes without any', input: imports('malloc'), outcome: 'pass', says: /no sanitizer/ },
  {
    name: 'fails a sanitizer',
    input: imports('__asan_init'),
    outcome: 'fail',
    severity: 'high',
    says: /^AddressSanitizer left in/,
  },
  {
    name: 'fails coverage with less weight',
    input: imports('__gcov_init'),
    outcome: 'fail',
    severity: 'medium',
    says: /^gcov coverage left in/,
  },
  {
    name: 'fails both with the weight of the worse',
    input: imports('__gcov_init', '__tsan_func_entry'),
    outcome: 'fail',
    severity: 'high',
    says: /^ThreadSanitizer, gcov coverage/,
  },
]);
