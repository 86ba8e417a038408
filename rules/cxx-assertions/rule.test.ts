import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../test/support/elf/elf-description.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import rule from './rule.ts';

const assertionFailed = '_ZSt21__glibcxx_assert_failPKciS0_S0_';

/** A program of C++ with these texts among its constants. */
const program = (texts: readonly string[], other: Partial<ElfDescription> = {}) =>
  buildElf({
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    needed: ['libstdc++.so.6', 'libc.so.6'],
    symbols: [{ name: '_Znwm' }],
    code: Buffer.from(['', ...texts, ''].join('\0')),
    ...other,
  });

const growth = ['vector::_M_realloc_insert', 'vector::_M_default_append', 'vector::reserve'];

testRule('cxx-assertions', rule, [
  {
    name: 'passes what calls the function that reports a failed assertion',
    input: program([], { symbols: [{ name: '_Znwm' }, { name: assertionFailed }] }),
    outcome: 'pass',
    says: /^containers check their bounds$/,
  },
  {
    name: 'passes conditions that were compiled in, by a compiler before that function',
    input: program(['__n < this->size()', ...growth]),
    outcome: 'pass',
    says: /check their bounds$/,
  },
  {
    name: 'fails three functions of growing containers without a check',
    input: program(growth),
    outcome: 'fail',
    severity: 'low',
    says: /^containers do not check their bounds: vector::_M_realloc_insert, /,
  },
  {
    name: 'is unknown with fewer of them and little code',
    input: program(growth.slice(0, 2)),
    outcome: 'unknown',
    says: /^2 functions of containers alone/,
  },
  {
    name: 'does not count what a static libstdc++ brings',
    input: program([...growth.slice(0, 1), 'basic_string::append'], { needed: ['libc.so.6'] }),
    outcome: 'unknown',
    says: /neither checks nor code of containers that grow$/,
  },
  {
    name: 'does not take a part of a longer text for one',
    input: program(['std::vector::reserved', 'vector::_M_realloc_inserted', 'x vector::reserve y']),
    outcome: 'unknown',
    says: /neither checks nor code/,
  },
  {
    name: 'passes a hardening mode of libc++',
    input: program(['vector.h:393: assertion __n < size() failed: index out of bounds'], {
      needed: ['libc++.so.1'],
    }),
    outcome: 'pass',
    says: /check their bounds$/,
  },
  {
    name: 'is unknown for libc++ without one',
    input: program([], { needed: ['libc++.so.1'] }),
    outcome: 'unknown',
    says: /^libc\+\+ can stop a program without a text/,
  },
  {
    name: 'says nothing of the library itself',
    input: program(growth, { soname: 'libstdc++.so.6', needed: ['libc.so.6'] }),
    outcome: 'not-applicable',
    says: /^it is the C\+\+ library itself$/,
  },
  {
    name: 'says nothing of C',
    input: program(growth, { needed: ['libc.so.6'], symbols: [{ name: 'malloc' }] }),
    outcome: 'not-applicable',
    says: /^it has no code of C\+\+$/,
  },
]);
