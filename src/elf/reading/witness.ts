import { DamagedInput } from '../../base/errors.ts';

/** What one part of the file says of a question, null where it says nothing. */
export type Witness<T> = () => T | null;

/**
 * The answer of the first witness that has one. One that cannot be read says nothing, and the next is asked; only where
 * none answers does the damage count, because what it hides may be the answer.
 */
export function firstOf<T>(...witnesses: readonly Witness<T>[]): T | null {
  let damage: DamagedInput | null = null;
  for (const ask of witnesses) {
    try {
      const answer = ask();
      if (answer !== null) return answer;
    } catch (error) {
      if (!(error instanceof DamagedInput)) throw error;
      damage ??= error;
    }
  }
  if (damage !== null) throw damage;
  return null;
}

/** null also where the part cannot be read: for details of a message, and where to see nothing is the worse case. */
export function optional<T>(ask: Witness<T>): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof DamagedInput) return null;
    throw error;
  }
}
