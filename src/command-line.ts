import yargs, { type Argv } from 'yargs';
import type { Surroundings } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { UsageError } from './errors.ts';
import { nearest } from './nearest.ts';
import { exitCodes } from './policy/exit-code.ts';
import { version } from './version.ts';

/** Runs the command that the arguments name, and gives its exit code. Throws UsageError for arguments that make no sense. */
export async function runCommandLine(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  refuseMisspelled(argv);
  let exitCode: number = exitCodes.holds;
  const parser = createParser(surroundings);
  const known = commandsFor(argv);
  for (const load of known) {
    const command = await load();
    command.register(parser, surroundings, (code) => {
      exitCode = code;
    });
  }
  let help = '';
  try {
    const words = commandFirst(argv);
    await parser.parseAsync(
      known.length === 1 ? unnamed(words) : words,
      {},
      (_error, _args, output) => {
        help = output;
      },
    );
  } catch (error) {
    throw error instanceof UsageError ? await withSuggestion(error, parser) : error;
  }
  if (help !== '') await surroundings.stdout.write(`${help}\n`);
  return exitCode;
}

/** `sacn app.tar` would be two images, of which one is looked for in a registry. What lies here under such a name is `./sacn`. */
function refuseMisspelled(argv: readonly string[]): void {
  const [first = '', second = '-'] = argv;
  if (!/^[a-z]{4,}$/.test(first) || Object.hasOwn(commands, first) || second.startsWith('-'))
    return;
  const meant = nearest(first, Object.keys(commands));
  if (meant !== null)
    throw new UsageError(
      `there is no command ${first}; did you mean ${meant}? A file of that name is ./${first}, an image docker.io/library/${first}`,
    );
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
function commandFirst(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const word = argv[at];
  if (word === undefined || !Object.hasOwn(commands, word) || argv.includes('--')) return [...argv];
  return [...argv.slice(at), ...argv.slice(0, at)];
}

/**
 * yargs lays out the help of a command that is named before it runs it, which takes longer than reading all arguments.
 * Where the default command is the only one that is known, it need not be named.
 */
function unnamed(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  return first === 'scan' && !rest.includes(first) ? rest : words;
}

function createParser({ stdout }: Surroundings): Argv {
  return yargs()
    .scriptName('hullcheck')
    .usage(
      'hullcheck: is every ELF binary in this image built the way it should be, and does it start?',
    )
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
  if (unknown === 'format')
    return new UsageError('there is no option --format; --output FORMAT[=FILE] chooses one');
  const options = (await parser.getHelp()).match(/--[a-z][a-z-]+/g) ?? [];
  const suggestion = nearest(unknown.length > 1 ? `--${unknown}` : unknown, options);
  return new UsageError(
    `there is no option or argument ${unknown}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`,
  );
}
