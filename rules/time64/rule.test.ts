import { EM, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../test/support/elf/elf-description.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import rule from './rule.ts';

const imports = (names: readonly string[], other: Partial<ElfDescription> = {}) =>
  buildElf({
    bits: 32,
    machine: EM.ARM,
    needed: ['libc.so.6'],
    symbols: names.map((name) => ({ name })),
    ...other,
  });

testRule('time64', rule, [
  {
    name: 'fails what calls functions of 32-bit times alone',
    input: imports(['time', 'localtime_r', 'puts']),
    outcome: 'fail',
    severity: 'low',
    says: /^it calls 2 functions of 32-bit times: localtime_r and time$/,
  },
  {
    name: 'fails 64-bit sizes of files with 32-bit times, old and new',
    input: imports(['__fxstat64', 'lstat64']),
    outcome: 'fail',
    severity: 'low',
    says: /__fxstat64 and lstat64$/,
  },
  {
    name: 'fails what is mixed, and says both',
    input: imports(['time', '__stat64_time64']),
    outcome: 'fail',
    severity: 'low',
    says: /^a part of it calls 1 function .*: time; others have 64 bits \(__stat64_time64\)$/,
  },
  {
    name: 'passes the names of glibc',
    input: imports(['__time64', '__localtime64_r', '__stat64_time64', '__futimens64']),
    outcome: 'pass',
    says: /^its times have 64 bits/,
  },
  {
    name: 'passes the names of musl',
    input: imports(['__stat_time64', '__gmtime64_r', '__utimensat_time64'], {
      needed: ['libc.musl-armhf.so.1'],
    }),
    outcome: 'pass',
    says: /__gmtime64_r, __stat_time64 and __utimensat_time64$/,
  },
  {
    name: 'fails what was compiled against musl before 1.2',
    input: imports(['time'], { needed: ['libc.musl-armhf.so.1'] }),
    outcome: 'fail',
    severity: 'low',
    says: /time$/,
  },
  {
    name: 'does not count durations, and clocks that may begin at the start of the system',
    input: imports(['clock_gettime', 'select', 'nanosleep', 'fcntl64', 'ioctl']),
    outcome: 'not-applicable',
    says: /no function that exchanges points in time$/,
  },
  {
    name: 'does not take a definition for a call',
    input: imports([], { symbols: [{ name: 'time', defined: true }] }),
    outcome: 'not-applicable',
    says: /no function/,
  },
  {
    name: 'says nothing of machines of 64 bits',
    input: imports(['time'], { bits: 64, machine: EM.AARCH64 }),
    outcome: 'not-applicable',
    says: /^time_t has 64 bits on aarch64$/,
  },
  {
    name: 'says nothing of 32-bit machines that began with 64-bit times',
    input: imports(['time'], { machine: EM.RISCV }),
    outcome: 'not-applicable',
    says: /on riscv32$/,
  },
  {
    name: 'is unknown for a static program',
    input: imports([], { type: ET.EXEC, isDynamic: false }),
    outcome: 'unknown',
    says: /^it (is linked statically|takes the time)/,
  },
]);
