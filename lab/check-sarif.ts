// check-sarif.js MULTITOOL_FOLDER [IMAGE...]: SARIF of the sample image, of hostile names and of a large report, of scans and comparisons, through
// Microsoft's SARIF multitool with GitHub's ingestion rules. It fails on every error and warning that is not explained
// in docs/sarif.md. The multitool's exit code is 0 whatever it finds, so its own report is read.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, exit, stdout } from 'node:process';
import { rules } from '../rules/index.ts';
import { plainPolicy } from '../src/policy/policy.ts';
import type { Report } from '../src/report/report.ts';
import { scan } from '../src/scan/scan.ts';
import { plainInput } from '../src/scan/scan-options.ts';
import { hostileNames } from '../test/support/reports/hostile-names.ts';
import { largeReport } from '../test/support/reports/large-report.ts';
import { render } from '../test/support/reports/render.ts';
import { compared, renderDiff } from '../test/support/reports/render-diff.ts';
import { binary, report, target, verdict } from '../test/support/reports/report-builder.ts';
import { repositoryRoot } from '../test/support/repository.ts';

/** What is there, and why it stays: see docs/sarif.md. */
const explained = new Set(['warning SARIF2005', 'error GH1004']);

const [, , multitool = '', ...images] = argv;
const program = join(multitool, 'node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
const config = join(repositoryRoot, 'lab/sarif/github.config.xml');
// Its install script would have done this; none is run.
chmodSync(program, 0o755);
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-sarif-'));

const scanned = (image: string) =>
  scan([image], {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 2 },
  });

const reports: Readonly<Record<string, Report>> = {
  sample: await scanned(join(repositoryRoot, 'samples/images/alpine-app.docker.tar')),
  hostile: report(
    Object.values(hostileNames).map((name) =>
      target({
        name,
        binaries: [binary({ path: name, verdicts: [verdict({ rule: 'pie', message: name })] })],
      }),
    ),
  ),
  large: largeReport(2000, rules),
  empty: report([target({})]),
  ...Object.fromEntries(
    await Promise.all(images.map(async (image) => [image, await scanned(image)] as const)),
  ),
};

/** What `hullcheck diff` writes of it and nothing, either way. */
const texts: Readonly<Record<string, (given: Report, all: boolean) => Promise<string>>> = {
  scan: (given, all) => render('sarif', given, { all, rules }),
  new: (given, all) => renderDiff('sarif', compared(report([]), given), { all, rules }),
  gone: (given, all) =>
    renderDiff('sarif', compared(given, report([])), { all, rules, absent: true }),
};

let unexplained = 0;
for (const [name, given] of Object.entries(reports)) {
  for (const [kind, all] of Object.keys(texts).flatMap((each) => [
    [each, false] as const,
    [each, true] as const,
  ])) {
    const found = validate((await texts[kind]?.(given, all)) ?? '');
    const strange = [...found].filter(([what]) => !explained.has(what));
    unexplained += strange.length;
    const counts = [...found].map(([what, count]) => `${what} ${count}`).join(', ') || 'nothing';
    stdout.write(`${name}, ${kind}${all ? ' --all' : ''}: ${counts}\n`);
  }
}
stdout.write(
  `${unexplained === 0 ? 'all of it is explained' : `${unexplained} are not explained`}\n`,
);
exit(unexplained === 0 ? 0 : 1);

interface Finding {
  readonly level?: string;
  readonly ruleId: string;
}

/** How often each error and warning was found. */
function validate(sarif: string): ReadonlyMap<string, number> {
  const [file, output] = [join(folder, 'in.sarif'), join(folder, 'out.sarif')];
  writeFileSync(file, sarif);
  const options = ['--rule-kind', 'Sarif;Ghas', '--config', config, '--level', 'Error;Warning'];
  const limits = ['--max-file-size-in-kb', '1000000', '--log', 'ForceOverwrite'];
  const run = spawnSync(program, ['validate', file, ...options, ...limits, '--output', output], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (run.error !== undefined) throw run.error;
  // It may begin with a byte order mark.
  const { runs } = JSON.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, ''));
  const findings: readonly Finding[] = runs.flatMap(
    (each: { results?: Finding[] }) => each.results ?? [],
  );
  const counts = new Map<string, number>();
  for (const { level = 'warning', ruleId } of findings) {
    const what = `${level} ${ruleId}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
}
