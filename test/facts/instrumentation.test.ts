import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readElfSample } from '../../fuzz/samples.ts';
import { type DamageKind, damageTable } from '../../lab/tables/damage-table.ts';
import { type TableName, tablePlaces } from '../../lab/tables/table-places.ts';
import { MalformedElf } from '../../src/base/errors.ts';
import { DF_1, DT, STB } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import instrumentation from '../../src/facts/instrumentation.ts';
import { instruments, symbolBeginnings } from '../../src/facts/search/instrument-marks.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';

const libc = { needed: ['libc.so.6'] };

function imports(...names: string[]): ElfDescription {
  return { ...libc, symbols: names.map((name) => ({ name })) };
}

function names(prefix: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    name: `${prefix}${index}`,
    defined: true,
  }));
}

function runtimeNames(count: number) {
  return names('__sanitizer_', count);
}

const cases: readonly { name: string; input: ElfDescription; want: readonly string[] }[] = [
  { name: 'nothing in a plain library', input: imports('malloc', '__stack_chk_fail'), want: [] },
  {
    name: 'AddressSanitizer by its library',
    input: { needed: ['libasan.so.8', 'libc.so.6'] },
    want: ['AddressSanitizer'],
  },
  {
    name: 'AddressSanitizer by its checks',
    input: imports('__asan_report_load8'),
    want: ['AddressSanitizer'],
  },
  {
    name: 'AddressSanitizer by what clang links in and exports',
    input: {
      ...libc,
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      dynamic: [[DT.FLAGS_1, DF_1.PIE]],
      symbols: [{ name: '__asan_init', defined: true }],
    },
    want: ['AddressSanitizer'],
  },
  {
    name: 'nothing by a hook that programs define',
    input: imports('__asan_default_options'),
    want: [],
  },
  {
    name: 'nothing by a weak reference',
    input: { ...libc, symbols: [{ name: '__asan_init', binding: STB.WEAK }] },
    want: [],
  },
  {
    name: 'nothing in the runtime itself',
    input: {
      ...libc,
      symbols: runtimeNames(40),
      staticSymbols: [{ name: '__asan_init', defined: true }],
    },
    want: [],
  },
  {
    name: 'AddressSanitizer in a library that has the name of its runtime',
    input: { ...imports('__asan_report_load8'), soname: 'libasan.so.8' },
    want: ['AddressSanitizer'],
  },
  {
    name: 'AddressSanitizer in a program that offers what its runtime does',
    input: {
      ...libc,
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      dynamic: [[DT.FLAGS_1, DF_1.PIE]],
      symbols: [...runtimeNames(40), { name: '__asan_init', defined: true }],
    },
    want: ['AddressSanitizer'],
  },
  {
    name: 'AddressSanitizer in a library that offers more of its own than of the runtime',
    input: {
      ...libc,
      symbols: [...runtimeNames(40), ...names('own_', 41)],
      staticSymbols: [{ name: '__asan_init', defined: true }],
    },
    want: ['AddressSanitizer'],
  },
  { name: 'ThreadSanitizer', input: imports('__tsan_func_entry'), want: ['ThreadSanitizer'] },
  {
    name: 'UndefinedBehaviorSanitizer',
    input: imports('__ubsan_handle_add_overflow'),
    want: ['UndefinedBehaviorSanitizer'],
  },
  {
    name: 'not its minimal runtime',
    input: imports('__ubsan_handle_add_overflow_minimal'),
    want: [],
  },
  {
    name: 'gcov by where it writes to, when stripped',
    input: { ...libc, code: Buffer.from('\0/home/x/program.gcda\0') },
    want: ['gcov coverage'],
  },
  {
    name: 'not a tool that reads such files',
    input: { ...libc, code: Buffer.from('\0.gcda\0*.gcda\0') },
    want: [],
  },
  {
    name: 'LLVM coverage by its section',
    input: { ...libc, sections: [{ name: '__llvm_prf_cnts', content: Buffer.alloc(8) }] },
    want: ['LLVM profile or coverage'],
  },
  { name: 'gprof', input: imports('mcount'), want: ['gprof profiling'] },
  {
    name: 'not the C library that offers mcount',
    input: { soname: 'libc.so.6', symbols: [{ name: 'mcount', defined: true }] },
    want: [],
  },
  {
    name: 'nor the C library with its .symtab',
    input: {
      soname: 'libc.so.6',
      symbols: [{ name: 'mcount', defined: true }],
      staticSymbols: [{ name: 'mcount', defined: true }],
    },
    want: [],
  },
  {
    name: 'a static runtime by .symtab',
    input: { ...libc, staticSymbols: [{ name: '__msan_init', defined: true }] },
    want: ['MemorySanitizer'],
  },
  {
    name: 'two tools at once',
    input: imports('__asan_init', '__gcov_init'),
    want: ['AddressSanitizer', 'gcov coverage'],
  },
];

const broken: readonly {
  readonly sample: string;
  readonly table: TableName;
  readonly kind: DamageKind;
  /** null: undecided. */
  readonly want: readonly string[] | null;
}[] = [
  { sample: 'pie-coverage', table: '.strtab', kind: 'lost', want: ['gcov coverage'] },
  { sample: 'pie-coverage', table: 'section headers', kind: 'lost', want: ['gcov coverage'] },
  { sample: 'pie-coverage', table: 'DT_GNU_HASH', kind: 'filled', want: ['gcov coverage'] },
  { sample: 'lib-bare', table: 'DT_GNU_HASH', kind: 'filled', want: [] },
  { sample: 'pie-hardened', table: 'DT_GNU_HASH', kind: 'filled', want: null },
  { sample: 'pie-hardened', table: '.strtab', kind: 'lost', want: null },
  { sample: 'pie-hardened', table: 'section headers', kind: 'wiped', want: null },
  { sample: 'pie-hardened', table: '.comment', kind: 'filled', want: [] },
];

describe('instrumentation', () => {
  for (const { sample, table, kind, want } of broken) {
    const says = want === null ? 'is undecided' : `is ${want.join() || 'none'}`;
    it(`${says} in ${sample} with ${table} ${kind}`, () => {
      const buffer = readElfSample(`x86_64-glibc-gcc-${sample}`);
      const place = tablePlaces(buffer).find(({ name }) => name === table);
      assert.ok(place !== undefined);
      const file = damageTable(buffer, place, kind, 1);
      assert.ok(file !== null);
      const found = () => instrumentation(readElf(bytesOf(file))).map(({ name }) => name);
      if (want === null) assert.throws(found, MalformedElf);
      else assert.deepEqual(found(), want);
    });
  }

  for (const { name, input, want } of cases) {
    it(`finds ${name}`, () => {
      const found = instrumentation(buildElf(input).elf).map(({ name }) => name);
      assert.deepEqual(found, want);
    });
  }

  for (const lost of ['.strtab', '.shstrtab']) {
    it(`does not say that there is none when constants and ${lost} are zeros`, () => {
      const whole = readElf(bytesOf(readElfSample('x86_64-glibc-gcc-pie-coverage')));
      const parts = whole.sections.filter(({ name }) => name === '.rodata' || name === lost);
      const bytes = readElfSample('x86_64-glibc-gcc-pie-coverage');
      for (const { offset, size } of parts) bytes.fill(0, Number(offset), Number(offset + size));
      assert.equal(parts.length, 2);
      assert.throws(() => instrumentation(readElf(bytesOf(bytes))), MalformedElf);
    });
  }
});

describe('every symbol of an instrument has one of the known beginnings', () => {
  for (const { name, symbol } of instruments) {
    it(name, () => {
      for (const beginning of beginningsOf(symbol.source))
        assert.ok(symbolBeginnings.includes(beginning), beginning);
    });
  }
});

/** The first two letters of each alternative of a pattern: `^name` or `^(name|_?name)`. */
function beginningsOf(source: string): readonly string[] {
  const group = /^\^\((.*)\)\$?$/.exec(source)?.[1];
  const inner = /\([^()]*\)/g;
  const alternatives = (group ?? source.slice(1)).replaceAll(inner, '').split('|');
  return alternatives.flatMap((text) =>
    text.startsWith('_?') ? [`_${text[2]}`, text.slice(2, 4)] : [text.slice(0, 2)],
  );
}
