/**
 * try-policies [IMAGE...] [--policies N] [--seed N] [--scans N]: random policies times reports; of the samples, in 50 reports, where no
 * image is named. Judging a saved report is judging what was scanned, byte for byte; and a policy that is tighter by construction never
 * holds where the other does not. Every fourth policy judges by a baseline too. For one of N policies (20; 0: none) the images are
 * scanned again by it, and by it with a system, lists and all facts: the reports are the same.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process, { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { rules } from '../rules/index.ts';
import { UsageError } from '../src/base/errors.ts';
import { judgeAgain } from '../src/commands/judging/judge-saved.ts';
import type { Settings } from '../src/commands/settings/settings.ts';
import { applyPolicy } from '../src/policy/apply-policy.ts';
import { baselineOf } from '../src/policy/baseline/entry.ts';
import { type Policy, plainPolicy } from '../src/policy/policy.ts';
import type { Report } from '../src/report/report.ts';
import { readReport } from '../src/saved-report/read-report.ts';
import { assembleReport } from '../src/scan/report-assembly.ts';
import { scanEach } from '../src/scan/scan.ts';
import { plainInput } from '../src/scan/scan-options.ts';
import {
  type PlainConfig,
  tightened,
  withRuleSettings,
} from '../test/support/policy/random-config.ts';
import { isRefused, randomSettings, settingsOf } from '../test/support/policy/settings-of.ts';
import { render } from '../test/support/reports/render.ts';
import { repositoryRoot } from '../test/support/repository.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    policies: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    scans: { type: 'string', default: '20' },
  },
});
const count = Number(values.policies);
const firstSeed = Number(values.seed);
const scansEach = Number(values.scans);
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

const text = (report: Report, facts = false) => render('json', report, { facts });
const byPolicy = ({ targets }: Report, policy: Policy) =>
  assembleReport(applyPolicy(targets, policy), asked);
const scannedBy = async (policy: Policy, allFacts = false) => {
  const found = await scanEach(inputs(), {
    input: plainInput,
    judging: { rules, policy, allFacts },
    running: { jobs: 1 },
  });
  return found.map(({ report }) => report);
};
const say = (line: string) => stdout.write(`${line}\n`);

const scanned = await scannedBy(plainPolicy());
const states = { holds: 0, broken: 0, undecided: 0 };
const wrong = { unequal: 0, loosened: 0 };
const counts = { others: 0, strict: 0, scans: 0, unread: 0 };
const { settings: plain } = await randomSettings(firstSeed);
let saved = await Promise.all(
  scanned.map(async (report) => readReport(await text(byPolicy(report, plain.policy)))),
);

/** What the report itself has by other conditions, so that some of it counts again. */
function withBaseline(settings: Settings, report: Report, seed: number): Settings {
  if (seed % 4 !== 0) return settings;
  const { policy } = settings;
  const judged = byPolicy(report, { ...plain.policy, gate: policy.gate });
  const entries = baselineOf(judged.targets).filter((_, at) => (at + seed) % 3 > 0);
  return { ...settings, policy: { ...policy, baseline: entries } };
}

async function demandEqual(one: string, again: Promise<string>, where: string): Promise<string> {
  const other = await again;
  if (one !== other) {
    wrong.unequal += 1;
    say(`${where}: judged again, it is another report`);
  }
  return other;
}

async function judgedAgain(report: Report, settings: Settings): Promise<string> {
  const again = await judgeAgain([{ file: 'saved.json', report }], settings, undefined);
  return text(again.report);
}

/** The images scanned by a policy that sets what rules are judged by too, and their reports with all facts by another one. */
async function tryScans(config: PlainConfig, seed: number): Promise<void> {
  const settings = await settingsOf(withRuleSettings(config, seed));
  const others = await settingsOf(withRuleSettings(config, seed + 1));
  if (isRefused(settings) || isRefused(others)) return;
  const [direct, before] = [
    await scannedBy(settings.policy, true),
    await scannedBy(others.policy, true),
  ];
  for (const [at, report] of direct.entries()) {
    const from = before[at];
    if (from === undefined) continue;
    const read = readReport(await text(from, true));
    try {
      await demandEqual(
        await text(report),
        judgedAgain(read, settings),
        `seed ${seed}, report ${at}, scanned`,
      );
      counts.scans += 1;
    } catch (error) {
      // A fact that is read only where a list needs it.
      if (!(error instanceof UsageError)) throw error;
      counts.unread += 1;
    }
  }
}

for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
  const { config, settings } = await randomSettings(seed);
  const tight = tightened(config, seed);
  const strict = await settingsOf(tight);
  const written: string[] = [];
  for (const [at, report] of scanned.entries()) {
    const loose = withBaseline(settings, report, seed);
    const where = `seed ${seed}, report ${at}`;
    const direct = byPolicy(report, loose.policy);
    const again = judgedAgain(saved[at] ?? report, loose);
    written.push(await demandEqual(await text(direct), again, where));
    states[direct.gate.state] += 1;
    if (isRefused(strict)) continue;
    counts.strict += 1;
    const is = byPolicy(report, withBaseline(strict, report, seed).policy).gate;
    if (is.state !== direct.gate.state) counts.others += 1;
    if (direct.gate.state === 'holds' || is.state !== 'holds') continue;
    wrong.loosened += 1;
    say(
      `${where}: tighter, and holds: ${direct.gate.because} | ${is.because} | ${JSON.stringify([config, tight])}`,
    );
  }
  if (scansEach > 0 && seed % scansEach === 0) await tryScans(config, seed);
  // Reports of this policy are judged by the next one.
  saved = written.map(readReport);
}
say(
  `${count} policies, ${scanned.length} reports: ${states.holds} gates hold, ${states.broken} are broken, ${states.undecided} undecided; ${wrong.unequal} reports differ when they are judged again (${counts.scans} of them were held against a scan by the policy; ${counts.unread} more need one); by tighter policies ${counts.others} of ${counts.strict} gates are others, and ${wrong.loosened} hold that did not`,
);
if (wrong.unequal + wrong.loosened > 0) process.exitCode = 1;
