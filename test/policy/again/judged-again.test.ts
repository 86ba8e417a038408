import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../../rules/index.ts';
import { judgeAgain } from '../../../src/commands/judging/judge-saved.ts';
import { applyPolicy } from '../../../src/policy/apply-policy.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { judgedOf } from '../../../src/report/all-judged.ts';
import { countTarget, sumCounts } from '../../../src/report/counts.ts';
import type { Report } from '../../../src/report/report.ts';
import { readReport } from '../../../src/saved-report/read-report.ts';
import { assembleReport } from '../../../src/scan/report-assembly.ts';
import { scan } from '../../../src/scan/scan.ts';
import { plainInput } from '../../../src/scan/scan-options.ts';
import { tightened } from '../../support/policy/random-config.ts';
import { randomSettings, settingsOf } from '../../support/policy/settings-of.ts';
import { render } from '../../support/reports/render.ts';
import { repositoryRoot } from '../../support/repository.ts';

const image = (name: string) => join(repositoryRoot, 'samples/images', name);
const images = ['alpine-app.docker.tar', 'root-cases.tar', 'starts.docker.tar'].map(image);
const seeds = Array.from({ length: 9 }, (_, index) => index + 1);

async function scanned(references: readonly string[], policy: Policy): Promise<Report> {
  return scan(references, { input: plainInput, judging: { rules, policy }, running: { jobs: 1 } });
}

async function saved(report: Report): Promise<Report> {
  return readReport(await render('json', report));
}

test('judging a saved report is scanning the image by the same policy, byte for byte', async () => {
  for (const seed of seeds) {
    const [{ settings: before }, { settings: after }] = [
      await randomSettings(seed),
      await randomSettings(seed + 100),
    ];
    const reference = images[seed % images.length] ?? '';
    const first = await saved(await scanned([reference], before.policy));
    const again = await judgeAgain([{ file: 'a.json', report: first }], after, undefined);
    const direct = await scanned([reference], after.policy);
    assert.equal(await render('json', again.report), await render('json', direct), `seed ${seed}`);
  }
});

test('several reports are judged as a scan of several images', async () => {
  const { policy: before } = await settingsOf({});
  const { settings: after } = await randomSettings(77);
  const reports = await Promise.all(
    images.map(async (reference) => saved(await scanned([reference], before))),
  );
  const again = await judgeAgain(
    reports.map((report) => ({ file: 'a.json', report })),
    after,
    undefined,
  );
  const direct = await scanned(images, after.policy);
  assert.equal(await render('json', again.report), await render('json', direct));
});

test('a policy that is tighter by construction holds nowhere where the other breaks', async () => {
  const { policy: plain } = await settingsOf({});
  for (const reference of images) {
    const { targets, rules: asked } = await saved(await scanned([reference], plain));
    for (let seed = 1; seed <= 25; seed += 1) {
      const { config, settings: loose } = await randomSettings(seed);
      const tight = tightened(config, seed);
      const strict = await settingsOf(tight);
      const was = assembleReport(applyPolicy(targets, loose.policy), asked).gate;
      const is = assembleReport(applyPolicy(targets, strict.policy), asked).gate;
      if (was.state !== 'holds')
        assert.notEqual(
          is.state,
          'holds',
          `seed ${seed} of ${reference}: ${was.because}\n${is.because}\n${JSON.stringify([config, tight])}`,
        );
    }
  }
});

test('rules asked of saved facts say what they say of the files, evidence and all', async () => {
  const { policy, ...settings } = await settingsOf({});
  for (const reference of images) {
    const direct = await scanned([reference], policy);
    const whole = readReport(await render('json', direct, { facts: true }));
    const targets = whole.targets.map((target) => {
      const binaries = target.binaries.map((binary) => ({
        ...binary,
        verdicts: binary.verdicts.filter(({ rule }) => rule !== 'pie'),
      }));
      const judged = judgedOf({ ...target, binaries });
      return { ...target, binaries, counts: countTarget(judged, target.problems.length) };
    });
    const without = {
      ...whole,
      rules: (whole.rules ?? []).filter((rule) => rule !== 'pie'),
      targets,
      counts: sumCounts(targets.map(({ counts }) => counts)),
    };
    const asked = rules.map(({ id }) => id);
    const saved = [{ file: 'a.json', report: without }];
    const again = await judgeAgain(saved, { policy, ...settings }, asked);
    assert.equal(await render('json', again.report), await render('json', direct), reference);
  }
});
