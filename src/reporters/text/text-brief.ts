import { wrap } from '../../base/wrap.ts';

/** Why something does not run is said in up to three lines: nothing else says it. */
const isOfStart = /^it (?:will not|does not|starts)/;

/** A list of the policy may have a reason, which its author wrote for those who read the finding: it is not left out without a sign. */
const isOfList = /, (?:denied by \S+:\d|which allow\.\w+ at )/;

/** What the name of the rule already says. */
const shorter: readonly (readonly [RegExp, string])[] = [
  [/^none of (?:the )?(\d+) functions .*(?:canary).*$/, 'no canary in any of $1 functions'],
  [
    / function pointers written by the loader lie outside PT_GNU_RELRO and stay writable/,
    ' function pointers stay writable',
  ],
  [/^(none of \d+ functions?) with a checked variant/, '$1'],
  [/^neither the code nor a note is ready for /, 'not ready for '],
  [
    / with frames over 4 KiB do not touch them page by page/,
    ' with large frames do not probe them',
  ],
  [/ bound at the first call, through slots that stay writable/, ' bound at the first call'],
];

/** Less than this says nothing: `it will not start` is half of an answer. */
const least = 24;

/**
 * A message in as few lines as it can be said: whole where it fits one, else up to where a clause of it ends, in two lines where
 * one has no room for a clause that says something. What is left out stands behind -v.
 */
export function briefLines(sentence: string, room: number): readonly string[] {
  if (sentence.length <= room) return [sentence];
  const message = shorter.reduce((text, [long, short]) => text.replace(long, short), sentence);
  if (message.length <= room) return [message];
  if (isOfStart.test(message)) return within(message, room, 3);
  if (isOfList.test(message)) return within(message, room, 4);
  const clauses = clausesOf(message);
  const short = clauses.filter((clause) => clause.length <= room && clause.length >= least).at(-1);
  if (short !== undefined) return [short];
  const inTwo = clauses.filter((clause) => wrap(clause, room).length <= 2).at(-1);
  if (inTwo !== undefined && inTwo.length >= least) return wrap(inTwo, room);
  return within(message, room, 2);
}

/** So many lines at most, with a sign where that is not all. */
function within(message: string, room: number, most: number): readonly string[] {
  const whole = wrap(message, room);
  if (whole.length <= most) return whole;
  const lines = wrap(message, room - ' ...'.length).slice(0, most);
  return lines.map((line, at) => (at === most - 1 ? `${line} ...` : line));
}

/** Beginnings of a message that end with a clause, and all of it, by length. A bracket is not cut open. */
function clausesOf(message: string): readonly string[] {
  const ends = [...message.matchAll(/: |; |, | \((?=[^)]*\))/g)].map(({ index }) => index);
  return [...ends.map((end) => message.slice(0, end)), message].filter(isClosed);
}

function isClosed(text: string): boolean {
  return count(text, '(') === count(text, ')') && count(text, '"') % 2 === 0;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
