import { compare } from './compare.ts';

/** Something in the input that was not read, or not read as it stands. Nothing is dropped silently. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The part concerned: a path in the image, a layer digest, a blob name. */
  readonly where: string;
  /** One sentence: what was seen, and what was expected. */
  readonly message: string;
  /** Set where the part is a file that was judged: the rules that could not decide for it. */
  readonly rules?: readonly string[];
}

/**
 * `notice` leaves the result whole (an odd entry treated as a container runtime would treat it).
 * Every other kind means that part of the target was not scanned, or for `unnamed` that it is not known by which settings it
 * is to be judged, so the gate is undecided (exit code 3).
 */
export type ProblemKind =
  | 'notice'
  | 'unreadable'
  | 'damaged'
  | 'digest-mismatch'
  | 'missing'
  | 'limit'
  | 'unsupported'
  | 'unnamed';

export function isIncomplete(problem: Problem): boolean {
  return problem.kind !== 'notice';
}

/** Ends the message about a container whose format is known and not read. */
export const unreadEnd = ', which is not read';

/** Whether a problem, or what would be one elsewhere, is about such a container. */
export function isUnread({ message }: Problem): boolean {
  return message.endsWith(unreadEnd);
}

/** What musl's loader maps, and nothing else takes for what it is. Its name as that of a format that is not read. */
export const unreadProgram =
  "a program or library without the magic of ELF, which musl's loader loads anyway,";

/** Whether a problem is about such a file: it is a program, wherever it lies. */
export function isUnreadProgram(problem: Problem): boolean {
  return problem.message.startsWith(`it is ${unreadProgram}`) && isUnread(problem);
}

/** Parts that the sentence of a gate names. */
const mostNamed = 3;

export function namesOfParts(gaps: readonly Problem[]): string {
  const names = [...new Set(gaps.map(({ where }) => where))];
  const named = names.slice(0, mostNamed).join(', ');
  return ` (${named}${names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''})`;
}

/** In the order of a report: what was read first decides nothing. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => compare(a.where, b.where) || compare(a.message, b.message));
}
