import { DF_1, DT, ET, PF, PT } from '../../src/elf/constants.ts';
import { muslPath, program } from '../../test/root/loader/processes.ts';
import { atPageEnd } from '../../test/support/elf/relro-elf.ts';
import { elf } from '../../test/support/roots/root-builder.ts';
import { app, constructors, musl, testInRoot } from '../../test/support/verdicts/rule-in-root.ts';

testInRoot('privileged-hardening', [
  {
    name: 'setuid, at a fixed address',
    things: {
      ...musl,
      [app]: elf(
        { type: ET.EXEC, interpreter: muslPath, dynamic: [constructors] },
        { mode: 0o4755 },
      ),
    },
    outcome: 'fail',
    severity: 'critical',
    says: /it is setuid root, and lacks a changing load address \(PIE\), full RELRO/,
  },
  {
    name: 'file capabilities, and every mitigation',
    things: {
      ...musl,
      [app]: elf(
        atPageEnd({
          interpreter: muslPath,
          dynamic: [[DT.FLAGS_1, DF_1.NOW | DF_1.PIE]],
          relroWords: 8,
          relocations: [{ type: 7, at: { word: 0 }, plt: true }],
          segments: [{ type: PT.GNU_STACK, flags: PF.R | PF.W }],
        }),
        { capability: Buffer.from('0100000200200000000000000000000000000000', 'hex') },
      ),
    },
    outcome: 'pass',
    says: /it is cap_net_raw, and has every basic mitigation/,
  },
  {
    name: 'nothing that RELRO could protect',
    things: { ...musl, [app]: elf({ interpreter: muslPath }, { mode: 0o4755 }) },
    outcome: 'pass',
    says: /has every basic mitigation/,
  },
  {
    name: 'no privileges',
    things: { [app]: program('musl') },
    outcome: 'not-applicable',
    says: /no privileges/,
  },
]);
