import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import { type GateConditions, plainPolicy } from '../../src/policy/policy.ts';
import { statementOf } from '../../src/policy/statement.ts';
import type { Whose } from '../../src/root/ownership/ownership.ts';
import type { Facts } from '../../src/root/root-facts.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const owners: readonly Whose[] = ['yours', 'dependency', 'distribution'];

/** A file of each owner, all of which lack PIE. */
function reportOf(of: GateConditions['of']) {
  const binaries = owners.map((whose) => {
    const facts = { ownership: known({ whose, component: null, because: 'the test says so' }) };
    const verdicts = [verdict({ rule: 'pie' })];
    return binary({ path: `/${whose}`, facts: facts as unknown as Facts, verdicts });
  });
  return report([target({ binaries })], 'high', plainPolicy({ of }));
}

const table = [
  { of: 'yours', breaking: ['/yours'] },
  { of: 'dependencies', breaking: ['/dependency', '/yours'] },
  { of: 'all', breaking: ['/dependency', '/distribution', '/yours'] },
] as const;

describe('what a gate is of, in what others read', () => {
  for (const { of, breaking } of table) {
    it(`JUnit fails as many cases as break the gate of ${of}, and no file of others`, async () => {
      const given = reportOf(of);
      const xml = await render('junit', given);
      assert.equal(xml.match(/<failure /g)?.length, breaking.length);
      assert.ok(xml.includes(` failures="${breaking.length}" errors="0"`), xml);
      assert.equal(exitCodeOf(given.gate), 1);
    });

    it(`GitLab has what the gate of ${of} does not count as info, and yours first`, async () => {
      const issues: { severity: string; description: string; check_name: string }[] = JSON.parse(
        await render('gitlab', reportOf(of)),
      );
      const ofFiles = issues.filter((each) => each.check_name === 'pie');
      const seen = ofFiles.map(({ severity, description }) => [
        description.split(' ', 1)[0],
        severity,
        /It does not count in the gate/.test(description),
      ]);
      const counts = (path: string) => (breaking as readonly string[]).includes(path);
      assert.deepEqual(
        seen,
        owners.map((whose) => {
          const isIn = counts(`/${whose}`);
          return [`/${whose}`, isIn ? 'critical' : 'info', !isIn];
        }),
      );
    });

    it(`an attestation says that its answer is of ${of}`, () => {
      const given = reportOf(of);
      const statement = statementOf(given, '0'.repeat(64));
      assert.deepEqual(statement?.predicate.gate, {
        of,
        failOn: 'high',
        state: 'broken',
        because: given.gate.because,
      });
    });

    it(`SARIF has alerts of what the gate of ${of} breaks on`, async () => {
      const { runs } = JSON.parse(await render('sarif', reportOf(of)));
      assert.equal(runs[0].results.length, breaking.length);
    });
  }
});

describe('what GitLab calls a severity', () => {
  for (const [severity, want] of [
    ['critical', 'blocker'],
    ['high', 'critical'],
    ['medium', 'major'],
    ['low', 'minor'],
    ['note', 'info'],
  ] as const)
    it(`${severity} is ${want}`, async () => {
      const binaries = [binary({ path: '/a', verdicts: [verdict({ rule: 'pie', severity })] })];
      const [issue] = JSON.parse(await render('gitlab', report([target({ binaries })])));
      assert.equal(issue.severity, want);
    });

  it('what was not decided is an issue where it breaks the gate, and else none', async () => {
    const binaries = [
      binary({ path: '/a', verdicts: [verdict({ rule: 'pie', outcome: 'unknown' })] }),
    ];
    const names = async (failOnUnknown: boolean) => {
      const given = report([target({ binaries })], 'high', plainPolicy({ failOnUnknown }));
      const issues: { check_name: string }[] = JSON.parse(await render('gitlab', given));
      return issues.map((each) => each.check_name).filter((name) => name === 'pie');
    };
    assert.deepEqual(await names(true), ['pie']);
    assert.deepEqual(await names(false), []);
  });
});
