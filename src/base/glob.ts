import { UsageError } from './errors.ts';
import { baseName } from './path-parts.ts';

export type Glob = (text: string) => boolean;

const longest = 256;
const mostAlternatives = 64;
const mostStars = 8;

/**
 * `*` and `?` stay inside one part of a path, `**` as a whole part is any number of parts, `[a-z]` and `[!a-z]` are one
 * character, `{a,b}` alternatives, `\` takes the next character as it is. Names that begin with a dot are names like
 * others. A glob without a slash is held against the last part: `*.so` is every `.so` file.
 *
 * There is no regular expression behind it: a match costs at most the product of both lengths, whatever the glob.
 * Throws UsageError for a glob that says nothing sensible.
 */
export function compileGlob(glob: string): Glob {
  const problem = problemOfGlob(glob);
  if (problem !== null) throw new UsageError(`the glob ${quote(glob)} ${problem}`);
  const whole = glob.includes('/');
  const alternatives = alternativesOf(glob);
  // Most globs of a profile are names, and each is asked of every file.
  const names = new Set(alternatives.filter((alternative) => !/[*?[\\]/.test(alternative)));
  const patterns = alternatives
    .filter((alternative) => !names.has(alternative))
    .map((alternative) => alternative.split('/').map(partOf));
  return (text) => {
    const held = whole ? text : baseName(text);
    if (names.has(held)) return true;
    if (patterns.length === 0) return false;
    const parts = held.split('/');
    return patterns.some((pattern) => matchesParts(pattern, parts));
  };
}

/** Any of them; none matches nothing. */
export function compileGlobs(globs: readonly string[]): Glob {
  const compiled = globs.map(compileGlob);
  return (text) => compiled.some((matches) => matches(text));
}

/** What is wrong with a glob, as the rest of a sentence; null when nothing is. */
export function problemOfGlob(glob: string): string | null {
  if (glob === '') return 'is empty';
  if (glob.length > longest)
    return `is ${glob.length} characters long, expected at most ${longest}`;
  const bare = glob.replace(/\\./gs, '').replace(/\[[^\]]*\]/g, '');
  if (/[!?*+@]?\(/.test(bare)) return 'has a group in parentheses; alternatives are written {a,b}';
  if (/\{[^}]*\{/.test(bare)) return 'has braces inside braces';
  if (/\{[^}]*$|^[^{]*\}/.test(bare)) return 'has a brace without its partner';
  if (/\[/.test(bare)) return 'has a [ without its ]';
  if ((bare.match(/\*/g)?.length ?? 0) > mostStars * 2 || /\*[^*/]*(?:\*[^*/]+){4}/.test(bare))
    return 'has more stars than any name needs';
  if (countAlternatives(bare) > mostAlternatives)
    return `stands for more than ${mostAlternatives} globs`;
  return null;
}

/** The glob that matches this path alone; null where it would be too long for one. */
export function globOfPath(path: string): string | null {
  const glob = path.replace(/[\\*?[\]{}()]/g, '\\$&');
  return problemOfGlob(glob) === null ? glob : null;
}

function quote(glob: string): string {
  return JSON.stringify(glob.length <= 40 ? glob : `${glob.slice(0, 40)}…`);
}

function countAlternatives(glob: string): number {
  const braces = glob.match(/\{[^}]*\}/g) ?? [];
  return braces.reduce((product, brace) => product * brace.split(',').length, 1);
}

export function alternativesOf(glob: string): readonly string[] {
  let done: readonly string[] = [''];
  for (const piece of glob.match(/\{[^}]*\}|\\.|\[[^\]]*\]|[^{\\[]+|./gs) ?? []) {
    const choices = piece.startsWith('{') ? piece.slice(1, -1).split(',') : [piece];
    done = done.flatMap((before) => choices.map((choice) => before + choice));
  }
  return done;
}

/** One character of a name: which it may be. */
type Step = 'star' | ((character: string) => boolean);
type Part = 'any parts' | readonly Step[];

function partOf(part: string): Part {
  if (part === '**') return 'any parts';
  return (part.match(/\\.|\[[^\]]*\]|\*+|./gsu) ?? []).map(stepOf);
}

function stepOf(token: string): Step {
  if (token.startsWith('*')) return 'star';
  if (token === '?') return () => true;
  if (token.startsWith('[') && token.length > 2) return classOf(token.slice(1, -1));
  const literal = token.startsWith('\\') ? token.slice(1) : token;
  return (character) => character === literal;
}

function classOf(text: string): (character: string) => boolean {
  const negated = /^[!^]/.test(text);
  const ranges = (negated ? text.slice(1) : text).match(/.-.|./gsu) ?? [];
  return (character) =>
    negated !==
    ranges.some((range) => {
      const [first = '', , last = first] = [...range];
      return character >= first && character <= last;
    });
}

function matchesParts(pattern: readonly Part[], parts: readonly string[]): boolean {
  return matches(
    pattern,
    parts,
    (part) => part === 'any parts',
    (part, name) => part !== 'any parts' && matchesName(part, name),
  );
}

function matchesName(steps: readonly Step[], name: string): boolean {
  return matches(
    steps,
    [...name],
    (step) => step === 'star',
    (step, character) => step !== 'star' && step(character),
  );
}

/** Wildcards against items: a mismatch lets only the last wildcard take one more, which is enough. */
function matches<P, T>(
  pattern: readonly P[],
  items: readonly T[],
  isWild: (part: P) => boolean,
  fits: (part: P, item: T) => boolean,
): boolean {
  let at = 0;
  let wildAt = -1;
  let taken = 0;
  for (let item = 0; item < items.length; ) {
    const part = pattern[at];
    const value = items[item];
    if (part !== undefined && isWild(part)) {
      wildAt = at;
      taken = item;
      at += 1;
    } else if (part !== undefined && value !== undefined && fits(part, value)) {
      at += 1;
      item += 1;
    } else if (wildAt >= 0) {
      at = wildAt + 1;
      taken += 1;
      item = taken;
    } else return false;
  }
  return pattern.slice(at).every(isWild);
}
