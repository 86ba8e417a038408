import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { compareReleases, releaseAgainst } from '../../src/diff/compare-releases.ts';
import { stampWorse } from '../../src/policy/got-worse.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { subjectsOf } from '../../src/policy/subject.ts';
import type { Whose } from '../../src/root/ownership/ownership.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const rules = { known: ['pie'], chosen: undefined };

const component = { ecosystem: 'deb', name: 'svc', group: 'svc', version: '1' };

const file = (path: string, whose: Whose) =>
  binary({
    path,
    sha256: (path + whose).padEnd(64, '0'),
    verdicts: [verdict({ rule: 'pie', outcome: whose === 'yours' ? 'pass' : 'fail' })],
    facts: factsWith({
      ownership: known({ whose, component, because: 'so' } as never),
    }),
  });

const image = (name: string) =>
  target({ name, binaries: [file('/keep', 'yours'), file('/svc', 'yours')] });

for (const [claim, olds, news, want] of [
  ['only the old one', ['app:1.0', 'tool:1.0'], ['app:1.1'], /; tool:1\.0 .*is only in the old/],
  ['only the new one', ['app:1.0'], ['app:1.1', 'tool:1.0'], /; tool:1\.0 .*is only in the new/],
] as const)
  test(`the last line names an image that ${claim} has`, () => {
    const [before, after] = [report(olds.map(image)), report(news.map(image))];
    const { gate } = compareReleases([before, after], plainPolicy({ of: 'yours' }), rules);
    assert.equal(gate.state, 'holds', gate.because);
    assert.match(gate.because, want);
  });

for (const [claim, path, whose] of [
  ['of the distribution', '/svc', 'distribution'],
  ['of the distribution elsewhere', '/usr/bin/svc', 'distribution'],
  ['of a dependency', '/svc', 'dependency'],
] as const)
  test(`a file that was yours and is ${claim} stays yours in the comparison, which says it`, () => {
    const before = report([image('app:1.0')]);
    const after = report([
      target({ name: 'app:1.1', binaries: [file('/keep', 'yours'), file(path, whose)] }),
    ]);
    const { difference, gate } = compareReleases(
      [before, after],
      plainPolicy({ of: 'yours' }),
      rules,
    );
    assert.equal(gate.state, 'broken', gate.because);
    assert.deepEqual(
      difference.worse.map(({ wasOf, before: was }) => [wasOf, was]),
      [['yours', 'pass']],
    );
    assert.match(
      difference.notices.join(),
      new RegExp(`1 file that was yours is of .*\\(${path}\\)`),
    );
  });

test('what was yours counts as yours where a profile does not require it of the distribution', () => {
  const off = verdict({ rule: 'pie', outcome: 'not-applicable' });
  const fresh = {
    ...off,
    off: true,
    setAside: 'not-required',
    unweighed: { outcome: 'fail' },
  } as const;
  const before = report([image('app:1.0')]);
  const { verdicts: _, ...packaged } = file('/svc', 'distribution');
  const after = report([
    target({
      name: 'app:1.1',
      binaries: [file('/keep', 'yours'), { ...packaged, verdicts: [fresh] }],
    }),
  ]);
  const { compared, targets } = releaseAgainst([before, after], plainPolicy({ of: 'yours' }), {
    rules,
    locked: null,
  });
  assert.equal(compared.gate.state, 'broken', compared.gate.because);
  const policy = plainPolicy({ of: 'yours' });
  const standing = targets.flatMap((one) =>
    subjectsOf(one).flatMap((subject) =>
      subject.judged.verdicts.map((each) => stampWorse(each, subject, policy.gate).stands?.breaks),
    ),
  );
  assert.deepEqual(standing, [undefined, true]);
});
