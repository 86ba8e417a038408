import { testSamples } from '../../test/support/verdicts/rule-cases.ts';
import stackClashProtection from './rule.ts';

testSamples('stack-clash-protection', stackClashProtection, [
  {
    sample: 'x86_64-glibc-gcc-pie-clash-probed',
    outcome: 'pass',
    says: /^(\d+) of \1 functions? with frames over 4 KiB touch/,
  },
  { sample: 'x86_64-glibc-clang-pie-clash-probed', outcome: 'pass', says: /over 4 KiB/ },
  { sample: 'aarch64-glibc-gcc-pie-clash-probed', outcome: 'pass', says: /over 64 KiB/ },
  {
    sample: 'x86_64-glibc-gcc-pie-clash-none',
    outcome: 'fail',
    severity: 'low',
    says: /do not touch/,
  },
  {
    sample: 'x86_64-glibc-gcc-pie-clash-smallframes',
    outcome: 'not-applicable',
    says: /^no function has a frame over 4 KiB$/,
  },
  { sample: 's390x-glibc-gcc-nopie-bare', outcome: 'fail', says: /over 4 KiB/ },
  { sample: 'arm-glibc-gcc-pie-hardened', outcome: 'unknown', says: /unwind information/ },
]);
