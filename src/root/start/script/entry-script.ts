import { isPlain, ownWords } from './shell-text.ts';

/** What a script does last, and what it sets before. */
export interface EntryScript {
  /** Of its last command; `"$@"` is replaced by what the script was given. */
  readonly words: readonly string[];
  /** Variables that it exports on the way, with values that are known. */
  readonly changes: ReadonlyMap<string, string>;
  /** Nothing before its last command keeps that from running, or gives it what the image lacks. */
  readonly isCertain: boolean;
}

/** Texts of this size are kept; larger ones are programs. */
const longest = 16_384;

/** Words that end no script, whatever they return under `set -e`, and that change nothing a later command finds. */
const harmless = new Set(
  ': true echo printf export readonly umask sleep date id whoami hostname pwd'.split(' '),
);

/** What an environment that is not the image's does to the search of commands and libraries. */
const deciding = /^(PATH|IFS|ENV|BASH_ENV|LD_\w+)$/;

/** Scripts that start each other could double them each time. */
const mostWords = 10_000;

const allWords = '"$@"';

/**
 * The entry point of an image as people write it: it sets some variables, prints a line, and ends with `exec "$@"`. null: its last
 * line is not a plain command, or the text has what is read otherwise (here-documents, functions).
 */
export function readEntryScript(
  text: string,
  given: readonly string[],
  environment: ReadonlyMap<string, string>,
): EntryScript | null {
  if (text.length > longest || /<<|\(\)\s*\{|^\s*function\s|\r|\0/m.test(text)) return null;
  const lines = joined(text)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const last = lines.pop();
  if (last === undefined || /(&&|\|\|?|\\)$/.test(lines.at(-1) ?? '')) return null;
  const words = wordsOf(last, given);
  if (words === null || words.length === 0) return null;
  // From a folder that the script enters.
  if (/^[^/].*\//.test(words[0] ?? '') && /\b(cd|pushd)\b/.test(text)) return null;
  const changes = new Map<string, string>();
  let isCertain = true;
  for (const line of lines) isCertain = passesBy(line, changes, environment) && isCertain;
  return { words, changes, isCertain };
}

/** A backslash at the end of a line takes the end away, in the middle of a word as well; in a comment it is like any other. */
function joined(text: string): readonly string[] {
  const lines: string[] = [];
  let begun = '';
  for (const line of text.split('\n')) {
    const whole = begun + line;
    const isContinued = /(?<!\\)(?:\\\\)*\\$/.test(line) && !/(^|\s)#/.test(whole);
    if (!isContinued) lines.push(whole);
    begun = isContinued ? whole.slice(0, -1) : '';
  }
  return begun === '' ? lines : [...lines, begun];
}

/** null: a shell would make other words of it. */
function wordsOf(line: string, given: readonly string[]): readonly string[] | null {
  const words = line.split(/[ \t]+/);
  if (words[0] === 'exec') words.shift();
  if (words[0] === undefined || words[0].startsWith('-') || /^[A-Za-z_]\w*=/.test(words[0]))
    return null;
  if (!words.every((word) => word === allWords || isPlain(word)) || ownWords.has(words[0]))
    return null;
  const repeated = words.filter((word) => word === allWords).length;
  if (repeated * given.length > mostWords) return null;
  return words.flatMap((word) => (word === allWords ? given : [word]));
}

/** Whether a line neither ends the script nor changes what is found. What it exports goes to `changes`. */
function passesBy(
  line: string,
  changes: Map<string, string>,
  environment: ReadonlyMap<string, string>,
): boolean {
  if (/^set [-+][euxfva]+( -o pipefail)?$|^set -o (errexit|nounset|pipefail|xtrace)$/.test(line))
    return true;
  const [, name, value] = /^(?:export )?([A-Za-z_]\w*)=(\S*)$/.exec(line) ?? [];
  if (name !== undefined && value !== undefined) {
    const plain = expanded(value, name, changes.get(name) ?? environment.get(name));
    if (plain === null) return !deciding.test(name) && !/[`$]\(|`/.test(value);
    if (line.startsWith('export ') || environment.has(name)) changes.set(name, plain);
    return true;
  }
  if (/[`;|&<>(){}\\]/.test(line)) return false;
  return harmless.has(line.split(/[ \t]+/)[0] ?? '');
}

/** `/opt/lib:$LD_LIBRARY_PATH`, quoted or not; null: it takes more to know. */
function expanded(value: string, name: string, before: string | undefined): string | null {
  const bare = value.replace(/^(["'])(.*)\1$/, '$2');
  const own = before ?? '';
  const text = bare
    .replaceAll(`\${${name}:+:$${name}}`, own === '' ? '' : `:${own}`)
    .replaceAll(`\${${name}:+:\${${name}}}`, own === '' ? '' : `:${own}`)
    .replaceAll(`\${${name}}`, own)
    .replace(new RegExp(`\\$${name}(?!\\w)`, 'g'), () => own);
  return text === '' || isPlain(text) ? text : null;
}
