import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { compareReleases } from '../../src/diff/compare-releases.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, JudgedVerdict } from '../../src/report/report.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

interface Given {
  readonly mode?: number;
  readonly capabilities?: readonly string[];
  readonly needed?: readonly string[];
  readonly compiler?: string;
  readonly outcome?: JudgedVerdict['outcome'];
}

const asked = ['compiler-flags', 'not-writable', 'privileged-hardening', 'safe-needed'];

let made = 0;

function file(given: Given): BinaryReport {
  const { mode = 0o755, capabilities = [], needed = ['libc.so.6'], compiler = 'gcc' } = given;
  made += 1;
  const { outcome = 'pass' } = given;
  return binary({
    path: '/svc',
    sha256: String(made).padStart(64, '0'),
    mode,
    verdicts: asked.map((rule) => verdict({ rule, outcome, severity: 'low' })),
    facts: factsWith({
      needed: known(needed),
      compilers: known([{ name: compiler }] as never),
      placement: known({ where: 'root', capabilities } as never),
    }),
  });
}

const rules = { known: asked, chosen: undefined };

function compared(before: Given, after: Given) {
  const sides = [before, after].map((given) => report([target({ binaries: [file(given)] })]));
  const [old, fresh] = sides as [ReturnType<typeof report>, ReturnType<typeof report>];
  const { difference, gate } = compareReleases(
    [old, fresh],
    plainPolicy({ of: 'yours', worseThan: 'note' }),
    rules,
  );
  assert.equal(gate.state, 'holds', gate.because);
  return difference.neutral.map(({ rule, message }) => `${rule}: ${message}`);
}

const table: readonly (readonly [
  claim: string,
  before: Given,
  after: Given,
  want: readonly string[],
])[] = [
  ['nothing', {}, {}, []],
  [
    'set-user-ID',
    {},
    { mode: 0o4755 },
    ['privileged-hardening: has the rights of its owner (setuid) now'],
  ],
  [
    'set-group-ID that is gone',
    { mode: 0o2755 },
    {},
    ['privileged-hardening: had the rights of its group (setgid) before'],
  ],
  [
    'a capability in place of another',
    { capabilities: ['cap_chown'] },
    { capabilities: ['cap_net_raw'] },
    ['privileged-hardening: has cap_net_raw now, and had cap_chown before'],
  ],
  ['a mode for anybody', {}, { mode: 0o777 }, ['not-writable: its mode was 0755, and is 0777']],
  ['a mode of another umask', {}, { mode: 0o775 }, []],
  [
    'a further library',
    { needed: ['libz.so.1', 'libc.so.6'] },
    { needed: ['libz.so.2', 'libbad.so', 'libm.so.6'] },
    ['safe-needed: requires libbad.so now'],
  ],
  [
    'another compiler',
    {},
    { compiler: 'clang' },
    ['compiler-flags: made by gcc before, now by clang'],
  ],
];

for (const [claim, before, after, want] of table)
  test(`what changed and weighs nothing is listed: ${claim}`, () => {
    assert.deepEqual(compared(before, after), want);
  });

test('a verdict that changed says it already', () => {
  const [before, after] = [file({}), file({ mode: 0o777, outcome: 'fail' })];
  const { difference } = compareReleases(
    [report([target({ binaries: [before] })]), report([target({ binaries: [after] })])],
    plainPolicy({ of: 'yours' }),
    rules,
  );
  assert.deepEqual(difference.neutral, []);
  assert.equal(difference.worse.length, asked.length);
});
