import buildId from '../../rules/build-id.ts';
import compilerFlags from '../../rules/compiler-flags.ts';
import noDangerousImports from '../../rules/no-dangerous-imports.ts';
import noDebugLeak from '../../rules/no-debug-leak.ts';
import noInstrumentation from '../../rules/no-instrumentation.ts';
import noPacker from '../../rules/no-packer.ts';
import pie from '../../rules/pie.ts';
import { DF_1, DT, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../support/elf-builder.ts';
import { testRule } from '../support/rule-cases.ts';

const interpreter = '/lib/ld-musl-x86_64.so.1';
const libc = { needed: ['libc.musl-x86_64.so.1'] };

function imports(...names: string[]) {
  return buildElf({ ...libc, symbols: names.map((name) => ({ name })) });
}

function commandLines(...lines: string[]) {
  const content = Buffer.from(lines.map((line) => `${line}\0`).join(''));
  return buildElf({ sections: [{ name: '.GCC.command.line', content }] });
}

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

testRule('no-packer', noPacker, [
  { name: 'passes a plain file', input: buildElf({}), outcome: 'pass', says: /own code/ },
]);

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

testRule('build-id', buildId, [
  {
    name: 'passes with a note',
    input: buildElf({
      notes: [{ owner: 'GNU', type: 3, description: Buffer.from('abcd', 'hex') }],
    }),
    outcome: 'pass',
    says: /abcd/,
  },
  {
    name: 'fails without',
    input: buildElf({}),
    outcome: 'fail',
    severity: 'note',
    says: /no build ID/,
  },
  {
    name: 'does not apply to debug information that gcc put beside an object',
    input: buildElf({
      type: ET.REL,
      code: Buffer.of(),
      sections: [{ name: '.debug_info.dwo', content: Buffer.alloc(16) }],
    }),
    outcome: 'not-applicable',
    says: /never linked/,
  },
]);

testRule('no-dangerous-imports', noDangerousImports, [
  {
    name: 'passes with functions that can be called safely, and lists those that need care',
    input: imports('strcpy', 'fgets'),
    outcome: 'pass',
    says: /right arguments: strcpy$/,
  },
  {
    name: 'fails gets',
    input: imports('gets', 'tmpnam'),
    outcome: 'fail',
    severity: 'high',
    says: /gets.*tmpnam/,
  },
  {
    name: 'fails mktemp',
    input: imports('mktemp'),
    outcome: 'fail',
    severity: 'medium',
    says: /predictable name/,
  },
  {
    name: 'fails rcmd',
    input: imports('rcmd'),
    outcome: 'fail',
    severity: 'low',
    says: /trust by address/,
  },
  {
    name: 'does not take a definition for a call',
    input: buildElf({ ...libc, symbols: [{ name: 'gets', defined: true }] }),
    outcome: 'pass',
    says: /nothing that is never safe$/,
  },
  {
    name: 'is unknown for a static program without names',
    input: buildElf({ type: ET.EXEC, isDynamic: false }),
    outcome: 'unknown',
    says: /does not name/,
  },
  {
    name: 'does not apply where there is no C library',
    input: buildElf({ soname: 'libdata.so.1' }),
    outcome: 'not-applicable',
    says: /no C library/,
  },
]);

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

testRule('compiler-flags', compilerFlags, [
  {
    name: 'is unknown without a record',
    input: buildElf({}),
    outcome: 'unknown',
    says: /recorded no/,
  },
  {
    name: 'passes hardened options',
    input: commandLines('GNU C17 14.2.0 -O2 -ftrivial-auto-var-init=zero'),
    outcome: 'pass',
    says: /in 1 compile unit$/,
  },
  {
    name: 'fails an option that takes a protection away, in one of two files',
    input: commandLines(
      'GNU C17 14.2.0 -O2 -ftrivial-auto-var-init=zero',
      'GNU C17 14.2.0 -O2 -fstack-protector-strong -fno-stack-protector',
    ),
    outcome: 'fail',
    severity: 'low',
    says: /-fno-stack-protector \(no stack canaries\): in 1 of 2/,
  },
  {
    name: 'goes by the last of options that contradict each other',
    input: commandLines(
      'GNU C17 14.2.0 -O0 -O2 -fno-stack-protector -fstack-protector-all -fhardened',
    ),
    outcome: 'pass',
    says: /in 1 compile unit$/,
  },
  {
    name: 'fails variables that are not initialised as a note',
    input: commandLines('GNU C17 14.2.0 -O2'),
    outcome: 'fail',
    severity: 'note',
    says: /not initialised/,
  },
]);
