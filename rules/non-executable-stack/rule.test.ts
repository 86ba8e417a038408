import { EM, ET, PT, SHF } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../test/support/elf/elf-description.ts';
import { type RuleCase, testRule } from '../../test/support/verdicts/rule-cases.ts';
import stack from './rule.ts';

const mark = (flags: number) => [{ type: PT.GNU_STACK, flags }];
const glibcProgram = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libc.so.6'],
  entry: 1,
};
const muslProgram = {
  interpreter: '/lib/ld-musl-x86_64.so.1',
  needed: ['libc.musl-x86_64.so.1'],
  entry: 1,
};
const glibcLibrary = { soname: 'libx.so.1', needed: ['libc.so.6'] };
const muslLibrary = { soname: 'libx.so.1', needed: ['libc.musl-x86_64.so.1'] };
const bare = { soname: 'libx.so.1' };
const note = (flags: bigint) => [{ name: '.note.GNU-stack', flags, content: Buffer.alloc(0) }];

/** Without PT_GNU_STACK: what the machine's kernel and the C library make of it. */
const missing: readonly [
  string,
  ElfDescription,
  RuleCase['outcome'],
  RuleCase['severity'],
  RegExp,
][] = [
  ['x86-64 program, glibc', glibcProgram, 'fail', 'high', /stacks of threads/],
  ['x86-64 program, musl', muslProgram, 'fail', 'low', /Linux before 5\.8/],
  [
    'i386 program, musl',
    { ...muslProgram, machine: EM.I386, bits: 32 },
    'fail',
    'high',
    /kernel then/,
  ],
  [
    'arm program, glibc',
    { ...glibcProgram, machine: EM.ARM, bits: 32 },
    'fail',
    'high',
    /kernel then/,
  ],
  [
    'aarch64 program, glibc',
    { ...glibcProgram, machine: EM.AARCH64 },
    'fail',
    'low',
    /before 5\.8/,
  ],
  [
    'riscv64 program, glibc',
    { ...glibcProgram, machine: EM.RISCV },
    'pass',
    undefined,
    /by default/,
  ],
  ['s390x program, glibc', { ...glibcProgram, machine: EM.S390 }, 'fail', 'high', /threads/],
  ['s390x program, musl', { ...muslProgram, machine: EM.S390 }, 'pass', undefined, /by default/],
  ['unknown machine', { ...muslProgram, machine: 0x7777 }, 'unknown', undefined, /not known/],
  ['x86-64 library, glibc', glibcLibrary, 'fail', 'high', /load this library/],
  ['x86-64 library, musl', muslLibrary, 'pass', undefined, /musl does not ask/],
  ['x86-64 library of any libc', bare, 'fail', 'medium', /a process of glibc/],
  [
    'aarch64 library of any libc',
    { ...bare, machine: EM.AARCH64 },
    'pass',
    undefined,
    /by default/,
  ],
];

testRule('non-executable-stack', stack, [
  {
    name: 'passes RW',
    input: buildElf({ ...glibcProgram, segments: mark(6) }),
    outcome: 'pass',
    says: /not executable/,
  },
  {
    name: 'fails RWE',
    input: buildElf({ ...glibcProgram, segments: mark(7) }),
    outcome: 'fail',
    severity: 'high',
    says: /executable stack \(RWE\)$/,
  },
  {
    name: 'fails a library with RWE and says what it does to its process',
    input: buildElf({ ...glibcLibrary, segments: mark(7) }),
    outcome: 'fail',
    severity: 'high',
    says: /every process that loads this library/,
  },
  {
    name: 'believes the last of two marks',
    input: buildElf({ ...glibcProgram, segments: [...mark(6), ...mark(7)] }),
    outcome: 'fail',
    says: /RWE/,
  },
  ...missing.map(
    ([name, input, outcome, severity, says]): RuleCase => ({
      name: `missing, ${name}: ${outcome}`,
      input: buildElf(input),
      outcome,
      ...(severity === undefined ? {} : { severity }),
      says,
    }),
  ),
  {
    name: 'passes an object with the note',
    input: buildElf({ type: ET.REL, sections: note(0n) }),
    outcome: 'pass',
    says: /not executable/,
  },
  {
    name: 'fails an object whose note requests it',
    input: buildElf({ type: ET.REL, sections: note(SHF.EXECINSTR) }),
    outcome: 'fail',
    severity: 'medium',
    says: /every program linked from it/,
  },
  {
    name: 'fails an x86-64 object without the note, with low weight',
    input: buildElf({ type: ET.REL }),
    outcome: 'fail',
    severity: 'low',
    says: /GNU ld/,
  },
  {
    name: 'does not apply to an aarch64 object without the note',
    input: buildElf({ type: ET.REL, machine: EM.AARCH64 }),
    outcome: 'not-applicable',
    says: /aarch64/,
  },
  {
    name: 'does not apply to a kernel module',
    input: buildElf({ type: ET.REL, sections: [{ name: '.modinfo', content: Buffer.alloc(1) }] }),
    outcome: 'not-applicable',
    says: /kernel stacks/,
  },
]);
