import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import compilerFlags from './rule.ts';

function commandLines(...lines: string[]) {
  const content = Buffer.from(lines.map((line) => `${line}\0`).join(''));
  return buildElf({ sections: [{ name: '.GCC.command.line', content }] });
}

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
