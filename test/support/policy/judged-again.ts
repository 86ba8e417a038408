import { join } from 'node:path';
import { rules } from '../../../rules/index.ts';
import { judgeAgain } from '../../../src/commands/judging/judge-saved.ts';
import type { Report } from '../../../src/report/report.ts';
import { readReport } from '../../../src/saved-report/read-report.ts';
import { scan } from '../../../src/scan/scan.ts';
import { plainInput } from '../../../src/scan/scan-options.ts';
import { render } from '../reports/render.ts';
import { repositoryRoot } from '../repository.ts';
import type { PlainConfig } from './random-config.ts';
import { settingsOf } from './settings-of.ts';

const image = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');

/** The report of a sample image, judged by every rule under this configuration. */
export async function scanned(config: PlainConfig, allFacts = false): Promise<Report> {
  const { policy } = await settingsOf(config);
  return scan([image], {
    input: plainInput,
    judging: { rules, policy, allFacts },
    running: { jobs: 1 },
  });
}

/** As JSON: the same image scanned under one configuration, with facts or without, and its saved report judged by another one. */
export async function judgedAgain(
  from: PlainConfig,
  facts: boolean,
  to: PlainConfig,
): Promise<string> {
  const saved = readReport(await render('json', await scanned(from, facts), { facts }));
  const { report } = await judgeAgain(
    [{ file: 'a.json', report: saved }],
    await settingsOf(to),
    undefined,
  );
  return render('json', report);
}
