import type { ArgumentsCamelCase, Argv, Options } from 'yargs';

/**
 * The arguments as yargs would give them to a command that `describe` declares, for words that leave nothing to interpret: options
 * that are known, each with its value, and positionals. null for all others, mistakes included: yargs reads these, and has
 * the words for what is wrong. Throws TypeError where something is declared that this does not know.
 */
export function readPlainWords<T>(
  words: readonly string[],
  describe: (parser: Argv) => Argv<T>,
): ArgumentsCamelCase<T> | null {
  const { options, positional } = declaredBy(describe);
  const given = new Map<Option, unknown>();
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      if (!isPlain(word)) return null;
      rest.push(word);
      continue;
    }
    const read = readOption(word, words[at + 1], options, given);
    if (read === null) return null;
    at += read;
  }
  const entries = [...options.values()].flatMap((option) =>
    option.keys.map((key) => [key, given.get(option) ?? option.fallback]),
  );
  // What is declared decides the names and values, as it decides the type.
  const args: unknown = Object.fromEntries([...entries, [positional, rest]]);
  return args as ArgumentsCamelCase<T>;
}

/** How many words the value takes, or null where yargs has to see it. */
function readOption(
  word: string,
  next: string | undefined,
  options: ReadonlyMap<string, Option>,
  given: Map<Option, unknown>,
): 0 | 1 | null {
  const [, long, inline] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
  const [, short] = /^-([a-z])$/.exec(word) ?? [];
  const option = options.get(long ?? short ?? '');
  if (option === undefined) return null;
  const known = given.get(option);
  if (option.kind === 'truth') {
    if (known !== undefined || inline !== undefined || next === 'true' || next === 'false')
      return null;
    given.set(option, true);
    return 0;
  }
  const value = inline ?? next;
  if (value === undefined || !isPlain(value) || option.choices?.includes(value) === false)
    return null;
  if (option.kind === 'list') given.set(option, [...(Array.isArray(known) ? known : []), value]);
  else if (known === undefined) given.set(option, value);
  else return null;
  return inline === undefined ? 1 : 0;
}

/** yargs takes a dash for an option, and quotes off what they surround. */
function isPlain(value: string): boolean {
  return value !== '' && !/^[-'"]/.test(value);
}

interface Option {
  readonly kind: 'truth' | 'text' | 'list';
  /** By which a command finds its value: `fail-on` and `failOn`, and those of an alias. */
  readonly keys: readonly string[];
  readonly choices: readonly unknown[] | undefined;
  readonly fallback: unknown;
}

interface Declared {
  /** By name and alias. */
  readonly options: ReadonlyMap<string, Option>;
  readonly positional: string;
}

/** What only help shows. */
const forHelp = ['group', 'example', 'epilogue'];

/** Stands for yargs while a command declares its options. */
function declaredBy(describe: (parser: Argv) => unknown): Declared {
  const options = new Map<string, Option>();
  let positional: string | null = null;
  const recorder: Record<string, (...words: never[]) => unknown> = {
    option: (name: string, declared: Options) => {
      const option = optionOf(name, declared);
      for (const key of option.keys) options.set(key, option);
      return recorder;
    },
    positional: (name: string, { array, type }: Options) => {
      if (positional !== null || array !== true || type !== 'string') throw notKnown(name);
      positional = name;
      return recorder;
    },
  };
  for (const name of forHelp) recorder[name] = () => recorder;
  // It has what commands call of the many methods of yargs; another one is not a function.
  describe(recorder as unknown as Argv);
  if (positional === null) throw notKnown('a command without positionals');
  return { options, positional };
}

const forReading = ['alias', 'array', 'boolean', 'choices', 'default', 'string'];
const without = ['describe', 'group', 'hidden', 'requiresArg'];

function optionOf(name: string, declared: Options): Option {
  const { alias, array, boolean, choices, string } = declared;
  const isKnown = Object.keys(declared).every((key) => [...forReading, ...without].includes(key));
  const takesValue = declared.requiresArg === true && (string === true || choices !== undefined);
  if (!isKnown || Array.isArray(alias) || (boolean !== true && !takesValue)) throw notKnown(name);
  const names = alias === undefined ? [name] : [name, String(alias)];
  return {
    kind: boolean === true ? 'truth' : array === true ? 'list' : 'text',
    keys: [...new Set(names.flatMap((each) => [each, camelCaseOf(each)]))],
    choices,
    fallback: declared.default,
  };
}

function camelCaseOf(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function notKnown(what: string): TypeError {
  return new TypeError(`${what} is declared in a way that only yargs can read`);
}
