import { testSamples } from '../../test/support/verdicts/rule-cases.ts';
import controlFlowProtection from './rule.ts';

testSamples('control-flow-protection', controlFlowProtection, [
  {
    sample: 'x86_64-glibc-gcc-pie-cet-forced',
    outcome: 'fail',
    severity: 'low',
    says: /^the note requests IBT, but the code at e_entry, DT_INIT and DT_FINI, .* landing pad/,
  },
  {
    sample: 'x86_64-none-gcc-lib-ibtforced',
    outcome: 'fail',
    says: /^the note requests IBT, but only 0 of 5 functions that pointers lead to/,
  },
  {
    sample: 'aarch64-none-gcc-lib-btiforced',
    outcome: 'fail',
    says: /^the note requests BTI, but only 0 of 5 functions/,
  },
  {
    sample: 'x86_64-none-gcc-static-cet',
    outcome: 'pass',
    says: /^IBT and SHSTK can be enforced/,
  },
  { sample: 'aarch64-none-gcc-static-bti', outcome: 'pass', says: /^BTI and PAC can be enforced/ },
  {
    sample: 'x86_64-glibc-gcc-pie-cet-nonote',
    outcome: 'fail',
    severity: 'note',
    says: /begin with a landing pad, but the note .* is missing$/,
  },
  { sample: 'x86_64-glibc-gcc-pie-cet-none', outcome: 'fail', severity: 'low', says: /^neither/ },
  { sample: 'x86_64-musl-gcc-pie-cet-none', outcome: 'fail', severity: 'note', says: /^neither/ },
  { sample: 'aarch64-none-gcc-lib-bti', outcome: 'pass', says: /^BTI and PAC can be enforced/ },
  {
    sample: 'aarch64-glibc-gcc-pie-pacret',
    outcome: 'fail',
    severity: 'note',
    says: /sign their return address/,
  },
  { sample: 's390x-glibc-gcc-pie-hardened', outcome: 'not-applicable', says: /no such protection/ },
]);
