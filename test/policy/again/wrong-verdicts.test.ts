import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.ts';
import type { Severity } from '../../../src/base/verdict.ts';
import { contradictionsIn } from '../../../src/policy/contradictions.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import type { BinaryReport, Report } from '../../../src/report/report.ts';
import { readReport } from '../../../src/saved-report/read-report.ts';
import { scan } from '../../../src/scan/scan.ts';
import { plainInput } from '../../../src/scan/scan-options.ts';
import { randomSettings, settingsOf } from '../../support/policy/settings-of.ts';
import { editedReport, passing } from '../../support/reports/edited-report.ts';
import { render } from '../../support/reports/render.ts';
import { repositoryRoot } from '../../support/repository.ts';

const images = ['alpine-app.docker.tar', 'root-cases.tar', 'starts.docker.tar'].map((name) =>
  join(repositoryRoot, 'samples/images', name),
);

async function whole(reference: string, policy: Policy): Promise<Report> {
  const judging = { rules, policy, allFacts: true };
  const report = await scan([reference], { input: plainInput, judging, running: { jobs: 1 } });
  return readReport(await render('json', report, { facts: true }));
}

/** Failures of a rule weigh something else that the rule gives in some cases. */
function lowered(binary: BinaryReport, rule: string, severity: Severity): BinaryReport {
  const verdicts = binary.verdicts.map((verdict) =>
    verdict.rule === rule && verdict.outcome === 'fail' ? { ...verdict, severity } : verdict,
  );
  return { ...binary, verdicts };
}

describe('verdicts of a report with all facts follow from them', () => {
  for (const reference of images)
    it(`${reference.slice(repositoryRoot.length + 1)}: as it was written it does not contradict itself`, async () => {
      for (const seed of [1, 2, 3]) {
        const { settings } = await randomSettings(seed);
        assert.deepEqual(contradictionsIn(await whole(reference, settings.policy), rules), []);
      }
    });

  const edits: readonly (readonly [claim: string, edit: (binary: BinaryReport) => BinaryReport])[] =
    [
      ['RELRO that is not there is called partial', (each) => lowered(each, 'relro', 'low')],
      ['a program at a fixed address weighs as one of Go', (each) => lowered(each, 'pie', 'low')],
      ['a failure is a pass', (each) => passing(each, 'stack-protector')],
    ];
  for (const [claim, edit] of edits)
    it(`and an edit is found, though all that follows from it was edited too: ${claim}`, async () => {
      const { policy } = await settingsOf({});
      const text = await render('json', await whole(images[1] ?? '', policy), { facts: true });
      const changed = readReport(await editedReport(text, edit, {}, { facts: true }));
      const found = contradictionsIn(changed, rules);
      const isFound = /not what the rule says of the facts that the report has$/;
      assert.ok(
        found.some((each) => isFound.test(each)),
        found.join('\n'),
      );
    });

  it('and facts that were taken away do not give them', async () => {
    const { policy } = await settingsOf({});
    const { targets, ...others } = await whole(images[1] ?? '', policy);
    const without = targets.map((target) => ({
      ...target,
      binaries: target.binaries.map((binary) => {
        const { relro: _, ...facts } = binary.facts;
        // As a file may be.
        return { ...binary, facts: facts as BinaryReport['facts'] };
      }),
    }));
    const [found = ''] = contradictionsIn({ ...others, targets: without }, rules);
    assert.match(found, /^its facts do not give its verdicts: /);
  });
});
