import type { Argv } from 'yargs';
import type { Output, Surroundings } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { TimedOut, UsageError } from './errors.ts';
import { nearest } from './nearest.ts';
import { exitCodes } from './policy/exit-code.ts';
import { escapeText } from './reporters/escape.ts';
import { wrap } from './reporters/text-layout.ts';
import { version } from './version.ts';

/** One run of hullcheck, from arguments to exit code. Never throws: a bug is printed with its stack. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    if (argv.length === 1 && argv[0] === '--version') {
      await surroundings.stdout.write(`hullcheck ${version}\n`);
      return exitCodes.holds;
    }
    return await run(argv, surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      await surroundings.stderr.write(complaint(error.message, surroundings.stderr));
      return exitCodes.usage;
    }
    if (error instanceof TimedOut) {
      await surroundings.stderr.write(`hullcheck: ${error.message}\n`);
      return exitCodes.open;
    }
    await surroundings.stderr.write(
      `hullcheck: this is a bug in hullcheck ${version}, please report it\n${stackOf(error)}\n`,
    );
    return exitCodes.bug;
  }
}

/** In lines of a terminal's width, where a person reads it; elsewhere one line, for others to search. */
function complaint(message: string, { isTty, columns }: Output): string {
  const text = `hullcheck: ${escapeText(message)}`;
  return `${isTty ? wrap(text, columns).join('\n') : text}\n`;
}

async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = exitCodes.holds;
  const parser = await createParser(surroundings);
  for (const load of commandsFor(argv)) {
    const command = await load();
    command.register(parser, surroundings, (code) => {
      exitCode = code;
    });
  }
  let help = '';
  try {
    await parser.parseAsync(commandFirst(argv), {}, (_error, _args, output) => {
      help = output;
    });
  } catch (error) {
    throw error instanceof UsageError ? await withSuggestion(error, parser) : error;
  }
  if (help !== '') await surroundings.stdout.write(`${help}\n`);
  return exitCode;
}

/**
 * Those that these arguments can mean, since loading all of them takes longer than a scan of something known: the one
 * that a word names, and the default one. Help is about all of them.
 */
function commandsFor(argv: readonly string[]) {
  const named = Object.keys(commands).filter((name) => argv.includes(name));
  const asksForAll = argv.some((word) => /^(?:-[a-z]*h|--h)/.test(word));
  if (asksForAll || named.length > 1) return Object.values(commands);
  const names = new Set(['scan', ...named]);
  return Object.entries(commands).flatMap(([name, load]) => (names.has(name) ? [load] : []));
}

/** yargs takes the word behind an option that only a command knows for its value: `-q scan IMAGE` is `scan IMAGE -q`. */
function commandFirst(argv: readonly string[]): string[] {
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const word = argv[at];
  if (word === undefined || !Object.hasOwn(commands, word) || argv.includes('--')) return [...argv];
  return [...argv.slice(at), ...argv.slice(0, at)];
}

async function createParser({ stdout }: Surroundings): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  return yargs()
    .scriptName('hullcheck')
    .usage('hullcheck: is every ELF binary in this image built the way it should be?')
    .locale('en')
    .wrap(Math.min(stdout.columns, 100))
    .usageConfiguration({ 'hide-types': true })
    .exitProcess(false)
    .strict()
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      // `--rule pie IMAGE` names one rule and one image.
      'greedy-arrays': false,
      // What follows `--` is an image even when it begins with a dash.
      'populate--': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .alias('help', 'h')
    .version('version', 'Show the version', `hullcheck ${version}`)
    .fail((message, error) => {
      throw asUsageError(message, error);
    });
}

/** yargs tells what it was given wrongly by a message, or by an error of its own kind; every other error is ours. */
function asUsageError(message: string | null, error: Error | undefined): Error {
  if (error !== undefined && error.name !== 'YError') return error;
  return new UsageError(
    oneSentence(message ?? error?.message ?? 'these arguments make no sense together'),
  );
}

function oneSentence(message: string): string {
  if (message.startsWith('Not enough non-option')) return missingArgument;
  const [, option] = /^Not enough arguments following: (\S+)/.exec(message) ?? [];
  if (option !== undefined) return `--${option} needs a value`;
  const [, required] = /^Missing required arguments?: (.+)/.exec(message) ?? [];
  if (required !== undefined) return `--${required.replaceAll(', ', ' and --')} is missing`;
  const lines = message.split('\n').map((line) => line.trim());
  const choice = /^Argument: (.+), Given: (.+), Choices: (.+)$/.exec(lines[1] ?? '');
  if (choice !== null)
    return `--${choice[1]} is ${choice[2]}, expected one of ${choice[3]?.replaceAll('"', '')}`;
  return lines
    .filter((line) => line !== '')
    .join(' ')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

const missingArgument = 'an argument is missing';

/** What the help text knows: how the command is called, and the option that is spelled most like one that does not exist. */
async function withSuggestion(error: UsageError, parser: Argv): Promise<UsageError> {
  if (error.message === missingArgument) {
    const [usage = ''] = (await parser.getHelp()).split('\n');
    return new UsageError(`${missingArgument}: ${usage.trim()}`);
  }
  const unknown = /^unknown arguments?: (?<name>[^,]+)/.exec(error.message)?.groups?.['name'];
  if (unknown === undefined) return error;
  const options = (await parser.getHelp()).match(/--[a-z][a-z-]+/g) ?? [];
  const suggestion = nearest(unknown.length > 1 ? `--${unknown}` : unknown, options);
  return new UsageError(
    `there is no option or argument ${unknown}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`,
  );
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
