import { amount } from '../base/amount.ts';
import { escapeText } from '../base/escape.ts';
import { isIncomplete } from '../base/problem.ts';
import { version } from '../base/version.ts';
import { exitCodes } from '../policy/exit-code.ts';
import type { Report } from '../report/report.ts';
import { readDigestOfReport } from '../saved-report/read-statement.ts';
import type { Command, Surroundings } from './command.ts';
import { limitsHint } from './help-pages/help-groups.ts';
import { loadRules } from './options/chosen-rules.ts';
import { type RawScanOptions, readScanOptions, withScanOptions } from './options/scan-options.ts';
import { readBytes, readReportFile } from './output/report-of.ts';
import { loadAllRules } from './settings/known-rules.ts';
import { readSettings } from './settings/settings.ts';

const verify: Command = {
  name: 'verify-report',
  usage: 'verify-report <report> <image>',
  summary: 'Check that a report describes an image',
  topic: 'Reports',
  register: (parser, surroundings, finish) => {
    parser.command(
      verify.usage,
      verify.summary,
      (command) =>
        withScanOptions(
          command
            .positional('report', {
              type: 'string',
              demandOption: true,
              describe: 'Report written by -o json',
            })
            .positional('image', {
              type: 'string',
              demandOption: true,
              describe: 'Image to compare with',
            }),
        )
          .option('statement', {
            string: true,
            requiresArg: true,
            describe: 'Statement written by hullcheck attest; it must be about this report',
          })
          .epilogue(
            [
              'Every layer is read and compared with its digest, and the rules that the report was asked are asked again.',
              limitsHint,
              '',
              'Exit codes: 0 match, 1 mismatch, 2 usage error, 3 image could not be read completely.',
            ].join('\n'),
          ),
      async ({ report, image, ...args }) => finish(await run(report, image, args, surroundings)),
    );
  },
};
export default verify;

interface Arguments extends RawScanOptions {
  readonly statement: string | undefined;
}

async function run(
  file: string,
  image: string,
  args: Arguments,
  surroundings: Surroundings,
): Promise<number> {
  const { cwd, stdout } = surroundings;
  const { report: claimed, sha256 } = await readReportFile(file, cwd);
  const settings = await readSettings(args, surroundings, [image]);
  const { scan } = await import('../scan/scan.ts');
  const { contradictionsIn } = await import('../policy/contradictions.ts');
  const { otherVerdicts } = await import('./output/other-verdicts.ts');
  const rules = await loadAllRules(settings.rules);
  // Those of another version may say something else. Without rules nothing is judged, but the whole image is read.
  const asked = claimed.tool.version === version ? (claimed.rules ?? []) : [];
  const judging = { rules: await loadRules(asked, settings.rules), policy: settings.policy };
  const seen = await scan([image], { ...readScanOptions(args, settings.config, cwd), judging });
  const statement = args.statement === undefined ? null : await readBytes(args.statement, cwd);
  const complaints = [
    ...(statement === null ? [] : complaintsOfStatement(sha256, statement.toString('utf8'))),
    ...complaintsOfImage(claimed, seen),
    ...otherVerdicts(claimed, seen),
    ...contradictionsIn(claimed, rules).map((each) => `the report contradicts itself: ${each}`),
  ];
  for (const complaint of complaints) await stdout.write(`${escapeText(complaint)}\n`);
  if (seen.targets.some(({ problems }) => problems.some(isIncomplete))) {
    await stdout.write(
      `${escapeText(image)} could not be read completely, so it cannot be compared\n`,
    );
    return exitCodes.undecided;
  }
  if (complaints.length === 0)
    await stdout.write(`${escapeText(file)} describes ${escapeText(image)}\n`);
  return complaints.length === 0 ? exitCodes.holds : exitCodes.broken;
}

function complaintsOfStatement(digest: string, statement: string): readonly string[] {
  const stated = readDigestOfReport(statement);
  return stated === digest
    ? []
    : [`the statement is about a report with sha256 ${stated}, but this report has ${digest}`];
}

/** Compares digests and the contents of all binaries; a target without a digest has only the contents. */
function complaintsOfImage(claimed: Report, seen: Report): readonly string[] {
  const complaints: string[] = [];
  for (const { name, digest } of claimed.targets) {
    if (!seen.targets.some((target) => target.digest === digest))
      complaints.push(
        `the report describes ${name} with ${digest ?? 'no digest'}, but the image has ${digestsOf(seen)}`,
      );
  }
  const [reported, present] = [contentsOf(claimed), contentsOf(seen)];
  const strange = missingFrom(present, reported);
  if (strange.length > 0)
    complaints.push(`${strange.length} of its binaries are not in the image: ${strange[0]}`);
  // A report from which a bad binary was removed still has the digest of the image.
  const hidden = missingFrom(reported, present);
  if (hidden.length > 0)
    complaints.push(
      `${amount(hidden.length, 'binary')} of the image ${hidden.length === 1 ? 'is' : 'are'} not in the report: ${hidden[0]}; was something excluded?`,
    );
  return complaints;
}

function missingFrom(known: readonly string[], contents: readonly string[]): readonly string[] {
  const all = new Set(known);
  return contents.filter((content) => !all.has(content));
}

function digestsOf({ targets }: Report): string {
  return targets.map(({ digest }) => digest ?? 'no digest').join(', ') || 'nothing in it';
}

function contentsOf({ targets }: Report): readonly string[] {
  return targets.flatMap(({ binaries }) =>
    binaries.map(({ path, sha256 }) => `${path} (${sha256})`),
  );
}
