import { DF_1, DT, EM, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../test/support/elf/elf-description.ts';
import { buildRelroElf, buildRelroElfEnding } from '../../test/support/elf/relro-elf.ts';
import { testRule, testSamples } from '../../test/support/verdicts/rule-cases.ts';
import relro from './rule.ts';

const glibc: ElfDescription = { needed: ['libc.so.6'] };
const slots = (...words: readonly number[]) =>
  words.map((word) => ({ type: 7, at: { word }, plt: true }));
const pointer = { type: 8, at: { word: 1 } };

testRule('relro', relro, [
  {
    name: 'passes when every slot is protected',
    input: buildRelroElf({ ...glibc, relroWords: 4, relocations: slots(0, 1, 2) }),
    outcome: 'pass',
    says: /covers all 3 function pointers/,
  },
  {
    name: 'passes when nothing is bound',
    input: buildRelroElf({ ...glibc, relroWords: 1 }),
    outcome: 'pass',
    says: /writes no function pointer outside/,
  },
  {
    name: 'fails partial RELRO with its numbers, although BIND_NOW is set',
    input: buildRelroElf({
      ...glibc,
      relroWords: 1,
      relocations: slots(0, 2, 3),
      dynamic: [[DT.FLAGS_1, DF_1.NOW]],
    }),
    outcome: 'fail',
    severity: 'medium',
    says: /^2 of 3 function pointers written by the loader lie outside PT_GNU_RELRO/,
  },
  {
    name: 'fails without PT_GNU_RELRO, although BIND_NOW is set',
    input: buildElf({ ...glibc, relocations: slots(0), dynamic: [[DT.FLAGS_1, DF_1.NOW]] }),
    outcome: 'fail',
    severity: 'high',
    says: /no PT_GNU_RELRO: 1 function pointer/,
  },
  {
    name: 'fails with low weight when only constructor tables are there to protect',
    input: buildElf({ ...glibc, dynamic: [[DT.INIT_ARRAY, 0x1000]] }),
    outcome: 'fail',
    severity: 'low',
    says: /constructor tables stay writable, though nothing is bound at start/,
  },
  {
    name: 'does not apply where the loader writes nothing and no table is called through',
    input: buildElf(glibc),
    outcome: 'not-applicable',
    says: /no tables of functions to protect/,
  },
  {
    name: 'is unknown for a static file without libc, relocations and section headers',
    input: buildElf({ type: ET.EXEC, isDynamic: false }),
    outcome: 'unknown',
    says: /without section headers/,
  },
  {
    name: 'fails with low weight where only larger pages leave slots writable',
    input: buildRelroElfEnding(0x5000, {
      ...glibc,
      machine: EM.AARCH64,
      relroWords: 4,
      relocations: [{ type: 1026, at: { word: 1 }, plt: true }],
    }),
    outcome: 'fail',
    severity: 'low',
    says: /^on kernels with pages of 16 KiB or 64 KiB 1 of 1 function pointer written by the loader stays writable; smaller pages/,
  },
  {
    name: 'weighs it more where most kernels of the machine have these pages',
    input: buildRelroElfEnding(0x5000, {
      ...glibc,
      machine: EM.PPC64,
      relroWords: 4,
      relocations: [{ type: 21, at: { word: 1 }, plt: true }],
    }),
    outcome: 'fail',
    severity: 'medium',
    says: /^on kernels with pages of 64 KiB/,
  },
  {
    name: 'passes there when the range ends with the largest page',
    input: buildRelroElfEnding(0, {
      ...glibc,
      machine: EM.AARCH64,
      relroWords: 4,
      relocations: [{ type: 1026, at: { word: 1 }, plt: true }],
    }),
    outcome: 'pass',
    says: /covers the one function pointer/,
  },
  {
    name: 'does not apply on MIPS without PT_GNU_RELRO',
    input: buildElf({ ...glibc, machine: EM.MIPS }),
    outcome: 'not-applicable',
    says: /MIPS/,
  },
  {
    name: 'is unknown where relocation types are not known',
    input: buildRelroElf({ ...glibc, machine: 0x7777, relroWords: 1, relocations: slots(3) }),
    outcome: 'unknown',
    says: /relocation types/,
  },
  {
    name: 'does not apply to object files',
    input: buildElf({ type: ET.REL }),
    outcome: 'not-applicable',
    says: /object files/,
  },
  {
    name: 'fails without PT_GNU_RELRO when only data pointers are written',
    input: buildElf({ ...glibc, relocations: [pointer] }),
    outcome: 'fail',
    severity: 'high',
    says: /what the loader writes stays writable/,
  },
]);

testSamples('relro', relro, [
  {
    sample: 'x86_64-glibc-gcc-pie-patched',
    outcome: 'fail',
    says: /leaves out the dynamic section, which stays writable: the loader reads there which functions it calls at exit\. patchelf moves it out$/,
  },
]);
