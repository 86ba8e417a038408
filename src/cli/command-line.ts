import type { Argv } from 'yargs';
import { ArgumentError, UsageError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { version } from '../base/version.ts';
import type { Command, Surroundings } from '../commands/command.ts';
import { limitOptions } from '../commands/help-pages/help-groups.ts';
import { commands } from '../commands/index.ts';
import { exitCodes } from '../policy/exit-code.ts';

/** Runs the command that the arguments name and returns its exit code. Throws UsageError for arguments that make no sense. */
export async function runCommandLine(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  refuseMisspelled(argv);
  const script = await completionFor(argv, surroundings);
  if (script !== null) {
    await surroundings.stdout.write(script);
    return exitCodes.holds;
  }
  if (!wantsOverview(argv)) return parse(withoutEnd(topicFirst(argv)), surroundings);
  const { overview } = await import('../commands/help-pages/overview.ts');
  await surroundings.stdout.write(`${await overview()}\n`);
  return exitCodes.holds;
}

async function parse(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  refuseCapitals(argv);
  const known = await Promise.all(commandsFor(argv).map((load) => load()));
  const [first] = known;
  const plain = known.length === 1 && first?.runPlain?.(unnamed(commandFirst(argv)), surroundings);
  return plain ? await plain : parseAll(argv, known, surroundings);
}

/** By yargs, which is loaded for help, for other commands, and for arguments that need interpretation. */
async function parseAll(
  argv: readonly string[],
  known: readonly Command[],
  surroundings: Surroundings,
): Promise<number> {
  let exitCode: number = exitCodes.holds;
  const finish = (code: number) => {
    exitCode = code;
  };
  const parser = await createParser(surroundings);
  const [only] = known;
  const isAlone = known.length === 1 && !argv.some(isHelpOption);
  if (only !== undefined && isAlone && only.name !== 'scan')
    registerAsDefault(parser, () => only.register(parser, surroundings, finish));
  else for (const command of known) command.register(parser, surroundings, finish);
  let help = '';
  try {
    const words = commandFirst(argv);
    const given = isAlone ? unnamed(words, only?.name) : words;
    await parser.parseAsync(
      given.map((word) => word.replace(/^-(?=$|[:@])/, standardInput)),
      {},
      (_error, _args, output) => {
        help = output;
      },
    );
  } catch (error) {
    throw error instanceof ArgumentError ? await withUsage(error, parser, argv) : error;
  }
  if (help !== '') await surroundings.stdout.write(`${help}\n`);
  return exitCode;
}

/**
 * yargs drops a lone dash among the arguments of a command, and takes `-:app:1.0` for options. So this stands for the dash while they
 * are parsed. No argument of a process holds a NUL.
 */
const standardInput = '\0-';

/** Puts the dash back, wherever it stands. */
function withDashes(args: Record<string, unknown>): void {
  const back = (value: unknown) =>
    typeof value === 'string' ? value.replace(standardInput, '-') : value;
  for (const [name, value] of Object.entries(args))
    args[name] = Array.isArray(value) ? value.map(back) : back(value);
}

/** `hullcheck completion bash`: the script is of all commands, so no command can write it. */
async function completionFor(
  [first, shell, ...rest]: readonly string[],
  surroundings: Surroundings,
): Promise<string | null> {
  if (first !== 'completion' || shell === undefined || rest.length > 0) return null;
  const { completionScript } = await import('../commands/completion/completion-script.ts');
  return completionScript(shell, surroundings);
}

/** `hullcheck --help` or `hullcheck help`: yargs would show the options of the default command. */
function wantsOverview(argv: readonly string[]): boolean {
  const [first, second] = argv;
  if (first === 'help') return second === undefined || second === 'help' || isHelpOption(second);
  return argv.some(isHelpOption) && commandIn(argv) === undefined;
}

/** `help diff` is `diff --help`. */
function topicFirst(argv: readonly string[]): readonly string[] {
  const [first, topic, ...rest] = argv;
  const isTopic = first === 'help' && rest.length === 0 && Object.hasOwn(commands, topic ?? '');
  return isTopic && topic !== undefined ? [topic, '--help'] : argv;
}

/**
 * yargs counts what follows `--` as no argument of a command. So it is left out but for scan, which reads it by itself, and a name that
 * begins with a dash is written as a path.
 */
function withoutEnd(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  const command = commandIn(argv.slice(0, end === -1 ? undefined : end));
  if (end === -1 || command === undefined || command === 'scan') return argv;
  const names = argv.slice(end + 1).map((word) => (/^-./.test(word) ? `./${word}` : word));
  return [...argv.slice(0, end), ...names];
}

function isHelpOption(word: string): boolean {
  return word === '-h' || word === '--help';
}

/** The word that names a command, if there is one. */
function commandIn(argv: readonly string[]): string | undefined {
  const [first] = commandFirst(argv);
  return first !== undefined && Object.hasOwn(commands, first) ? first : undefined;
}

/** `sacn app.tar` would be two images, and the first would be looked up in a registry. A file with that name is `./sacn`. */
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

/** yargs takes `--FAIL-ON` for another spelling of an option, and its value is lost. */
function refuseCapitals(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const [name] = words.map((word) => word.split('=', 1)[0] ?? '').filter(isInCapitals);
  if (name !== undefined)
    throw new UsageError(`there is no option ${name}: options are written in small letters`);
}

function isInCapitals(name: string): boolean {
  return /^--[A-Za-z-]+$/.test(name) && name !== name.toLowerCase();
}

/**
 * The commands that these arguments can mean: the one that they name, or those that a word may name and the default one. Loading
 * all of them takes longer than a scan whose result is cached.
 */
function commandsFor(argv: readonly string[]) {
  const named = Object.keys(commands).filter((name) => argv.includes(name));
  if (named.length > 1) return Object.values(commands);
  const isClear = !argv.some(isHelpOption) && isNamedOnce(argv);
  const names = new Set(isClear ? named : ['scan', ...named]);
  return Object.entries(commands).flatMap(([name, load]) => (names.has(name) ? [load] : []));
}

/** Whether the first word names a command, and no other word is the same. */
function isNamedOnce(argv: readonly string[]): boolean {
  const name = commandIn(argv);
  return name !== undefined && argv.filter((word) => word === name).length === 1;
}

/** Under its own name too: errors and help say it. */
function registerAsDefault(parser: Argv, register: () => void): void {
  const { command } = parser;
  // The library declares a function of many forms.
  parser.command = ((usage: string, ...rest: readonly unknown[]) =>
    Reflect.apply(command, parser, [[usage, '$0'], ...rest])) as typeof command;
  register();
  parser.command = command;
}

/** yargs takes the word after an option that only a command declares as its value, so `-q scan IMAGE` becomes `scan IMAGE -q`. */
function commandFirst(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const word = argv[at];
  if (word === undefined || !Object.hasOwn(commands, word) || argv.includes('--')) return [...argv];
  return [...argv.slice(at), ...argv.slice(0, at)];
}

/**
 * yargs formats the help of a named command before it runs it, which takes longer than reading all arguments. So the name
 * of the only command that is loaded is left out: it is the default one then.
 */
function unnamed(words: readonly string[], name = 'scan'): readonly string[] {
  const [first, ...rest] = words;
  return first === name && !rest.includes(first) ? rest : words;
}

/** Exported for tests. */
export async function createParser({ stdout }: Pick<Surroundings, 'stdout'>): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  return yargs()
    .scriptName('hullcheck')
    .locale('en')
    .wrap(Math.min(stdout.columns, 100))
    .usageConfiguration({ 'hide-types': true })
    .exitProcess(false)
    .showHidden(false)
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
    .middleware(withDashes)
    .alias('help', 'h')
    .version('version', 'Show the version', `hullcheck ${version}`)
    .fail((message, error) => {
      throw asUsageError(message, error);
    });
}

/** yargs reports mistakes by a message or by an error of its own kind; every other error is ours. */
function asUsageError(message: string | null, error: Error | undefined): Error {
  if (error !== undefined && error.name !== 'YError') return error;
  return new ArgumentError(
    oneSentence(message ?? error?.message ?? 'these arguments do not go together').replaceAll(
      standardInput,
      '-',
    ),
    '',
  );
}

function oneSentence(message: string): string {
  if (message.startsWith('Not enough non-option')) return missingArgument;
  const [, option] = /^Not enough arguments following: (\S+)/.exec(message) ?? [];
  if (option !== undefined) return `--${option} requires a value`;
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

/** Adds the usage of the command, and the option that is spelled most like an unknown one. */
async function withUsage(
  { message }: ArgumentError,
  parser: Argv,
  argv: readonly string[],
): Promise<ArgumentError> {
  const name = commandIn(argv) ?? 'scan';
  const command = await commands[name]?.();
  return new ArgumentError(
    await withSuggestion(message, parser),
    `Usage: hullcheck ${command?.usage} [options] (see hullcheck ${name} --help)`,
  );
}

async function withSuggestion(message: string, parser: Argv): Promise<string> {
  const unknown = /^unknown arguments?: (?<name>[^,]+)/.exec(message)?.groups?.['name'];
  if (unknown === undefined) return message;
  if (unknown === 'format')
    return 'there is no option --format; --output FORMAT[=FILE] chooses a format';
  const shown = (await parser.getHelp()).match(/--[a-z][a-z-]+/g) ?? [];
  const options = [...shown, ...limitOptions];
  const suggestion = nearest(unknown.length > 1 ? `--${unknown}` : unknown, options);
  return `there is no option or argument ${unknown}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`;
}
