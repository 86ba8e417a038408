/**
 * try-policies [IMAGE...] [--policies N] [--seed N]: random policies times reports; of the samples, in 50 reports, where no image is
 * named. Judging a saved report is judging what was scanned, byte for byte; and a policy that is tighter by construction never
 * holds where the other does not.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process, { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { rules } from '../rules/index.ts';
import { judgeAgain } from '../src/commands/judging/judge-saved.ts';
import type { Settings } from '../src/commands/settings/settings.ts';
import { applyPolicy } from '../src/policy/apply-policy.ts';
import { plainPolicy } from '../src/policy/policy.ts';
import type { Report } from '../src/report/report.ts';
import { readReport } from '../src/saved-report/read-report.ts';
import { assembleReport } from '../src/scan/report-assembly.ts';
import { scan } from '../src/scan/scan.ts';
import { plainInput } from '../src/scan/scan-options.ts';
import { tightened } from '../test/support/policy/random-config.ts';
import { isRefused, randomSettings, settingsOf } from '../test/support/policy/settings-of.ts';
import { render } from '../test/support/reports/render.ts';
import { repositoryRoot } from '../test/support/repository.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { policies: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const count = Number(values.policies);
const firstSeed = Number(values.seed);
const asked = rules.map(({ id }) => id);

/** Images that are scanned together, as one report. */
function inputs(): readonly (readonly string[])[] {
  if (positionals.length > 0) return positionals.map((name) => [name]);
  const folder = (name: string) => join(repositoryRoot, 'samples', name);
  const images = ['alpine-app.docker.tar', 'root-cases.tar', 'starts.docker.tar', 'alpine-app.oci'];
  const files = readdirSync(folder('elf')).filter((name) => !name.endsWith('.md'));
  const groups = Array.from({ length: 50 - images.length }, (_, group) =>
    files
      .filter((_name, at) => at % (50 - images.length) === group)
      .map((name) => join(folder('elf'), name)),
  );
  return [...images.map((name) => [join(folder('images'), name)]), ...groups];
}

const text = (report: Report) => render('json', report);
const byPolicy = ({ targets }: Report, { policy }: Settings) =>
  assembleReport(applyPolicy(targets, policy), asked);

const scanned: Report[] = [];
for (const references of inputs())
  scanned.push(
    await scan(references, {
      input: plainInput,
      judging: { rules, policy: plainPolicy() },
      running: { jobs: 1 },
    }),
  );

const states = { holds: 0, broken: 0, undecided: 0 };
const wrong = { unequal: 0, loosened: 0 };
let turned = 0;
const { settings: plain } = await randomSettings(firstSeed);
let saved = await Promise.all(
  scanned.map(async (report) => readReport(await text(byPolicy(report, plain)))),
);
for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
  const { config, settings } = await randomSettings(seed);
  const strict = await settingsOf(tightened(config, seed));
  const written: string[] = [];
  for (const [at, report] of scanned.entries()) {
    const direct = byPolicy(report, settings);
    const file = `${at}.json`;
    const again = await judgeAgain([{ file, report: saved[at] ?? report }], settings, undefined);
    const [one, other] = [await text(direct), await text(again.report)];
    written.push(other);
    if (one !== other) {
      wrong.unequal += 1;
      stdout.write(`seed ${seed}, report ${at}: judged again, it is another report\n`);
    }
    states[direct.gate.state] += 1;
    if (isRefused(strict)) continue;
    const is = byPolicy(report, strict).gate;
    if (is.state !== direct.gate.state) turned += 1;
    if (direct.gate.state === 'holds' || is.state !== 'holds') continue;
    wrong.loosened += 1;
    stdout.write(
      `seed ${seed}, report ${at}: tighter, and holds: ${direct.gate.because} | ${is.because} | ${JSON.stringify([config, tightened(config, seed)])}\n`,
    );
  }
  // Reports of this policy are judged by the next one.
  saved = written.map(readReport);
}
stdout.write(
  `${count} policies, ${scanned.length} reports: ${states.holds} gates hold, ${states.broken} are broken, ${states.undecided} undecided; ${wrong.unequal} reports differ when they are judged again; of tighter policies ${turned} gates are others, ${wrong.loosened} hold that did not\n`,
);
if (wrong.unequal + wrong.loosened > 0) process.exitCode = 1;
