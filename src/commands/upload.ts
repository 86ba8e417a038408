import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Argv } from 'yargs';
import { amount } from '../base/amount.ts';
import { UsageError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { reasonOf } from '../base/system-error.ts';
import { version } from '../base/version.ts';
import { exitCodes } from '../policy/exit-code.ts';
import { type Destination, readDestination } from '../upload/destination.ts';
import { createGithubClient, NoAnswer } from '../upload/github-client.ts';
import { type PackedSarif, packSarif } from '../upload/pack-sarif.ts';
import { type UploadResult, uploadSarif } from '../upload/upload-sarif.ts';
import type { Command, Surroundings } from './command.ts';

const upload: Command = {
  name: 'upload',
  usage: 'upload <sarif>',
  summary: 'Upload a SARIF file to GitHub code scanning',
  topic: 'Reports',
  register: (parser, surroundings, finish) => {
    parser.command(upload.usage, upload.summary, describeOptions, async ({ sarif, ...args }) =>
      finish(await run(sarif, args, surroundings)),
    );
  },
};
export default upload;

function describeOptions(parser: Argv) {
  const option = (describe: string) => ({ string: true, requiresArg: true, describe }) as const;
  return parser
    .positional('sarif', {
      type: 'string',
      demandOption: true,
      describe: 'SARIF file written by -o sarif',
    })
    .option('repo', option('Repository as OWNER/REPO (default: $GITHUB_REPOSITORY)'))
    .option(
      'ref',
      option('Git ref, e.g. refs/heads/main or refs/pull/7/merge (default: $GITHUB_REF)'),
    )
    .option('sha', option('Commit that was scanned (default: $GITHUB_SHA)'))
    .option('api-url', option('API URL of GitHub Enterprise: https://HOST/api/v3'))
    .option(
      'wait',
      option('Seconds to wait until GitHub has processed the file (default: 600; 0: do not wait)'),
    )
    .example('$0 upload app.sarif', 'Upload in GitHub Actions')
    .example('$0 upload app.sarif --repo me/app', 'Upload elsewhere, with --ref and --sha')
    .epilogue(
      [
        'The token is read from GITHUB_TOKEN or GH_TOKEN and requires write access to security events.',
        'Exit codes: 0 accepted, 2 nothing was sent, 3 GitHub refused the file or did not answer.',
      ].join('\n'),
    );
}

interface Arguments {
  readonly repo: string | undefined;
  readonly ref: string | undefined;
  readonly sha: string | undefined;
  readonly apiUrl: string | undefined;
  readonly wait: string | undefined;
}

async function run(file: string, args: Arguments, surroundings: Surroundings): Promise<number> {
  for (const [name, value] of Object.entries(args)) {
    if (name !== '_' && Array.isArray(value))
      throw new UsageError(`--${name} was given more than once`);
  }
  const { cwd, env, stdout } = surroundings;
  const patience = readPatience(args.wait);
  const destination = readDestination(args, env);
  const packed = await packSarif(await read(file, cwd));
  await stdout.write(`${announcement(file, packed, destination)}\n`);
  for (const warning of packed.warnings) await stdout.write(`${warning}\n`);
  const wait = async (milliseconds: number) => void (await pause(milliseconds));
  try {
    const result = await uploadSarif(packed, destination, {
      client: createGithubClient({ ...destination, version, wait }),
      checkoutUri: pathToFileURL(env['GITHUB_WORKSPACE'] || cwd).href,
      patience,
      wait,
      onAccepted: (id) => stdout.write(`GitHub accepted it as ${withoutToken(id, destination)}\n`),
    });
    if (result.state === 'pending') return await reportPending(patience, surroundings);
    return await reportResult(result, destination, surroundings);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    await surroundings.stderr.write(`hullcheck: ${withoutToken(error.message, destination)}\n`);
    return exitCodes.undecided;
  }
}

function readPatience(text: string | undefined): number {
  if (text === undefined) return 600_000;
  if (!/^\d{1,5}$/.test(text))
    throw new UsageError(`--wait is ${text}, expected a whole number of seconds`);
  return Number(text) * 1000;
}

async function read(file: string, cwd: string): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

function announcement(
  file: string,
  { results, runs, size }: PackedSarif,
  { repository, ref, sha }: Destination,
): string {
  const content = `${amount(results, 'result')} in ${amount(runs, 'run')}, ${Math.ceil(size / 1024)} KiB`;
  return escapeText(`Sending ${file} (${content}) to ${repository}, ${ref} at ${sha.slice(0, 12)}`);
}

async function reportResult(
  result: Exclude<UploadResult, { state: 'pending' }>,
  destination: Destination,
  { stdout, stderr }: Surroundings,
): Promise<number> {
  if (result.state === 'complete') {
    await stdout.write('GitHub processed it: complete\n');
    return exitCodes.holds;
  }
  for (const reason of result.because)
    await stderr.write(`hullcheck: GitHub refused it: ${withoutToken(reason, destination)}\n`);
  return exitCodes.undecided;
}

/** With `--wait 0` this is a success; after a wait it is not. */
async function reportPending(patience: number, { stdout, stderr }: Surroundings): Promise<number> {
  if (patience === 0) {
    await stdout.write('GitHub has not processed it yet\n');
    return exitCodes.holds;
  }
  await stderr.write(`hullcheck: GitHub did not process it in ${patience / 1000} seconds\n`);
  return exitCodes.undecided;
}

/** Text from a server: one line of bounded length, without the token. */
function withoutToken(text: string, { token }: Destination): string {
  return escapeText(text.replaceAll(token, '***').slice(0, 2000));
}
