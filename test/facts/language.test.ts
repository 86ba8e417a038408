import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../src/elf/constants.ts';
import language from '../../src/facts/language.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';

const glibc = { needed: ['libc.so.6'], interpreter: '/lib64/ld-linux-x86-64.so.2' };

function strings(...texts: string[]): ElfDescription {
  return { ...glibc, code: Buffer.from(`\0\0${texts.join('\0')}\0`, 'latin1') };
}

function imports(...names: string[]): ElfDescription {
  return { ...glibc, symbols: names.map((name) => ({ name })) };
}

const sha = '59807616e1fa2540724bfbac14d7976d7e4a3860';

const cases: readonly { name: string; input: ElfDescription; want: readonly string[] }[] = [
  { name: 'what uses a libc and is nothing else is C', input: glibc, want: ['c'] },
  { name: 'C++ by its personality', input: imports('__gxx_personality_v0'), want: ['c++'] },
  {
    name: 'C++ by a mangled name',
    input: imports('_ZNSs4_Rep20_S_empty_rep_storageE'),
    want: ['c++'],
  },
  { name: 'C++ by a class of its static runtime', input: strings('St9exception'), want: ['c++'] },
  {
    name: 'mangled Rust is not C++',
    input: imports('_ZN3std2io5stdio6_print17h0123456789abcdefE'),
    want: ['c'],
  },
  {
    name: 'Rust by .comment, with its version',
    input: {
      ...glibc,
      comments: ['GCC: (Debian 12.2.0-14) 12.2.0', 'rustc version 1.78.0 (9b00956e5 2024-04-29)'],
    },
    want: ['rust 1.78.0'],
  },
  {
    name: 'Rust by a path of its library',
    input: strings(`/rustc/${sha}/library/core/src/str/mod.rs`),
    want: ['rust'],
  },
  {
    name: 'Rust by a path of a distribution, with its version',
    input: strings('/usr/src/rustc-1.63.0/library/std/src/io/mod.rs'),
    want: ['rust 1.63.0'],
  },
  {
    name: 'a text about rustc is not Rust',
    input: strings('/rustc/ is where rustc lives'),
    want: ['c'],
  },
  {
    name: 'Rust with C that has canaries is both',
    input: { ...imports('rust_eh_personality', '__stack_chk_fail') },
    want: ['c', 'rust'],
  },
  {
    name: 'Haskell by .comment',
    input: { ...glibc, comments: ['GHC 9.0.2'] },
    want: ['haskell 9.0.2'],
  },
  { name: 'OCaml by its environment', input: strings('CAMLRUNPARAM'), want: ['ocaml'] },
  { name: 'Ada by its version text', input: strings('GNAT Version: 12.2.0'), want: ['ada 12.2.0'] },
  {
    name: 'Fortran by its library',
    input: { ...glibc, needed: ['libgfortran.so.5'] },
    want: ['fortran'],
  },
  {
    name: 'Fortran by its runtime’s messages',
    input: strings('Fortran runtime error'),
    want: ['fortran'],
  },
  { name: 'D by a class of its runtime', input: strings('core.exception.RangeError'), want: ['d'] },
  {
    name: 'a text about druntime is not D',
    input: strings('druntime', 'core.exception'),
    want: ['c'],
  },
  { name: 'Nim by its source', input: strings('fatal.nim'), want: ['nim'] },
  { name: 'Crystal by its entry', input: imports('__crystal_main'), want: ['crystal'] },
  { name: 'Swift by its calls', input: imports('swift_retain'), want: ['swift'] },
  { name: 'Dart by its snapshot', input: imports('_kDartVmSnapshotInstructions'), want: ['dart'] },
  {
    name: '.NET by its host',
    input: imports('DotNetRuntimeInfo', '_Znwm'),
    want: ['c++', 'dotnet-host'],
  },
  {
    name: 'GraalVM by its image',
    input: strings('com.oracle.svm.core.genscavenge'),
    want: ['graalvm'],
  },
  { name: 'Zig by its panic', input: strings('Panicked during a panic. Aborting.'), want: ['zig'] },
  {
    name: 'gccgo by its library',
    input: { ...glibc, needed: ['libgo.so.21', 'libc.so.6'] },
    want: ['gccgo'],
  },
  {
    name: 'Go by its note alone',
    input: { ...glibc, notes: [{ owner: 'Go', type: 4, description: Buffer.from('a/b/c/d') }] },
    want: ['go'],
  },
  {
    name: 'an object by its compiler',
    input: { type: ET.REL, comments: ['GCC: (GNU) 13.2.0'] },
    want: ['c'],
  },
  { name: 'nothing for a library of data', input: { soname: 'libicudata.so.72' }, want: [] },
];

describe('language', () => {
  for (const { name, input, want } of cases) {
    it(name, () => {
      const found = language(buildElf(input).elf);
      const seen = found.map(({ name, version }) =>
        version === null ? name : `${name} ${version}`,
      );
      assert.deepEqual(seen, want);
      for (const { evidence } of found) assert.notDeepEqual(evidence, []);
    });
  }
});
