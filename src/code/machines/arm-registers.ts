import type { Effect } from './held-value.ts';

export const SP = 13;
export const PC = 15;

/** A sum of registers and a number; of the stack pointer it is an address in the frame. */
export function copied(sets: number, from: readonly number[], plus: number): Effect {
  if (sets === SP) return { sets, to: null };
  if (from.includes(SP)) return { sets, to: 'frame' };
  return from.includes(PC) ? { sets, to: null } : { sets, to: 'copies', from, plus };
}
