import { createHash } from 'node:crypto';
import { amount } from '../amount.ts';
import { exitCodes } from '../policy/exit-code.ts';
import { isIncomplete } from '../problem.ts';
import type { Report } from '../report.ts';
import { escapeText } from '../reporters/escape.ts';
import { readDigestOfReport } from '../saved-report/read-statement.ts';
import type { Command, Surroundings } from './command.ts';
import { readText, reportIn } from './report-of.ts';
import { type RawScanOptions, readScanOptions, withScanOptions } from './scan-options.ts';
import { readSettings } from './settings.ts';

const verify: Command = {
  name: 'verify-report',
  register: (parser, surroundings, finish) => {
    parser.command(
      'verify-report <report> <image>',
      'Check that a saved report is about this very image',
      (command) =>
        withScanOptions(
          command
            .positional('report', {
              type: 'string',
              demandOption: true,
              describe: 'A file that -o json wrote',
            })
            .positional('image', { type: 'string', demandOption: true, describe: 'The image' }),
        )
          .option('statement', {
            string: true,
            requiresArg: true,
            describe: 'What hullcheck attest wrote: it must vouch for this report',
          })
          .epilogue(
            'Every layer is read and compared with its digest. Exit codes: 0 it is, 1 it is not, 2 usage, 3 the image could not be read whole.',
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
  const text = await readText(file, cwd);
  const claimed = reportIn(text, file);
  const settings = await readSettings(args, surroundings, [image]);
  const options = { ...readScanOptions(args, settings), rules: [], onProgress: () => {} };
  const { scan } = await import('../scan.ts');
  // Without rules nothing is judged, and all of the image is read.
  const seen = await scan([image], options);
  const statement = args.statement === undefined ? null : await readText(args.statement, cwd);
  const complaints = [
    ...(statement === null ? [] : complaintsOfStatement(text, statement)),
    ...complaintsOfImage(claimed, seen),
  ];
  for (const complaint of complaints) await stdout.write(`${escapeText(complaint)}\n`);
  if (seen.targets.some(({ problems }) => problems.some(isIncomplete))) {
    await stdout.write(
      `${escapeText(image)} could not be read whole, so nothing can be said of it\n`,
    );
    return exitCodes.open;
  }
  if (complaints.length === 0)
    await stdout.write(`${escapeText(file)} is about ${escapeText(image)}\n`);
  return complaints.length === 0 ? exitCodes.holds : exitCodes.broken;
}

function complaintsOfStatement(report: string, statement: string): readonly string[] {
  const stated = readDigestOfReport(statement);
  const digest = createHash('sha256').update(report).digest('hex');
  return stated === digest
    ? []
    : [`the statement vouches for a report with sha256 ${stated}, and this one has ${digest}`];
}

/** By digest, and by content of each binary: of a target without a digest that is all there is. */
function complaintsOfImage(claimed: Report, seen: Report): readonly string[] {
  const complaints: string[] = [];
  for (const { name, digest } of claimed.targets) {
    if (!seen.targets.some((target) => target.digest === digest))
      complaints.push(
        `the report is about ${name} with ${digest ?? 'no digest'}, and the image has ${digestsOf(seen)}`,
      );
  }
  const [reported, present] = [contentsOf(claimed), contentsOf(seen)];
  const strange = missingFrom(present, reported);
  if (strange.length > 0)
    complaints.push(`${strange.length} of its binaries are not in the image: ${strange[0]}`);
  // A report from which a bad binary was taken out is about this image too, by its digest.
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
