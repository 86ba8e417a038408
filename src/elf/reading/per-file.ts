import type { Elf } from '../model.ts';
import { answerOf } from './compute-once.ts';

/**
 * What was asked of a file, each answer at the number of its question: a weak map for each question costs more than many an
 * answer.
 */
const answers = new WeakMap<Elf, unknown[]>();
let questions = 0;

/** Finds something out once a file, and gives the same value, or throws the same error, ever after. */
export function perFile<T>(find: (elf: Elf) => T): (elf: Elf) => T {
  const question = questions;
  questions += 1;
  return (elf) => {
    const known = answers.get(elf) ?? begin(elf);
    // Only this function writes at its number.
    let answer = known[question] as (() => T) | undefined;
    if (answer === undefined) {
      answer = answerOf(() => find(elf));
      known[question] = answer;
    }
    return answer();
  };
}

function begin(elf: Elf): unknown[] {
  const known: unknown[] = new Array(questions);
  answers.set(elf, known);
  return known;
}
