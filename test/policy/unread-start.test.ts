import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { type GateConditions, plainPolicy } from '../../src/policy/policy.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import type { Facts } from '../../src/root/root-facts.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

const debian = { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12' };

/** The gate over one file of others in an image whose start names a text that was not read. */
function gateOver({
  whose = 'distribution',
  how = 'unread',
  found = verdict({ rule: 'pie' }),
  gate = {},
  isDeclared = false,
}: {
  readonly whose?: string;
  readonly how?: string | null;
  readonly found?: JudgedVerdict;
  readonly gate?: Partial<GateConditions>;
  readonly isDeclared?: boolean;
}) {
  const declared = isDeclared ? { isDeclared: true } : {};
  const table = {
    ownership: known({ whose, component: null, because: 'the test says so', ...declared }),
    package: known({ name: 'bash', version: '5.2.15-2+b7', architecture: 'amd64' }),
    exposure: known({
      privileged: false,
      reached: how === null ? null : { how, by: '/srv/data' },
      onPath: true,
    }),
  };
  // A report's facts are read as a table: these are the ones that decide here.
  const file = binary({ path: '/bin/x', facts: table as unknown as Facts, verdicts: [found] });
  return applyPolicy(
    [target({ binaries: [file], os: debian })],
    plainPolicy({ of: 'yours', ...gate }),
  );
}

describe('a start that was not read whole', () => {
  const cases: readonly (Parameters<typeof gateOver>[0] & {
    readonly name: string;
    readonly want: string;
  })[] = [
    { name: 'leaves the gate open over a severe deviation of the distribution', want: 'undecided' },
    { name: 'leaves it open over one of a dependency', whose: 'dependency', want: 'undecided' },
    { name: 'changes nothing where all was read', how: null, want: 'holds' },
    {
      name: 'changes nothing where the file deviates by less',
      found: verdict({ rule: 'relro', severity: 'medium' }),
      want: 'holds',
    },
    {
      name: 'changes nothing of what the distribution does not promise',
      found: verdict({ rule: 'bind-now' }),
      want: 'holds',
    },
    {
      name: 'changes nothing of a dependency that is declared',
      whose: 'dependency',
      isDeclared: true,
      want: 'holds',
    },
    {
      name: 'changes nothing where the gate stops for less than that',
      gate: { failOn: 'critical' },
      want: 'holds',
    },
    { name: 'takes nothing from a gate of all', gate: { of: 'all' }, want: 'broken' },
  ];
  for (const { name, want, ...given } of cases) {
    it(name, () => assert.equal(gateOver(given).gate.state, want));
  }

  it('is reported with the text that was not read, and the file that it may lead to', () => {
    const [problem] = gateOver({}).targets[0]?.problems ?? [];
    assert.deepEqual(problem, {
      kind: 'limit',
      where: '/srv/data',
      message:
        'what the image starts is not read whole, and pie of /bin/x, which others made, would count if it leads there',
      rules: ['pie'],
    });
  });
});
