import { shares } from './shares.ts';

/** Which run is which: the same for every thread, and again when it is repeated. */
export interface Schedule {
  readonly names: readonly string[];
  /** `subject` is a place in names. */
  at(index: number): { readonly subject: number; readonly seed: number };
  /** Runs of a subject among the first so many; their seeds follow one another from the first seed on. */
  countOf(subject: number, runs: number): number;
}

interface Slot {
  readonly subject: number;
  /** Of its subject in the round. */
  readonly nth: number;
  /** From 0 to 1. */
  readonly place: number;
}

/**
 * Rounds in which every subject has its share, spread over the round so that whatever was run until now is in proportion.
 * Throws an error for a subject that has no share.
 */
export function scheduleOf(names: readonly string[], firstSeed: number): Schedule {
  const ofRound = names.map(shareOf);
  const slots = ofRound
    .flatMap((share, subject) =>
      Array.from({ length: share }, (_, nth): Slot => {
        return { subject, nth, place: (nth + 0.5) / share };
      }),
    )
    .sort((a, b) => a.place - b.place);
  return {
    names,
    at(index) {
      const slot = slots[index % slots.length];
      if (slot === undefined) throw new Error('there are no subjects');
      const rounds = Math.floor(index / slots.length);
      const { subject, nth } = slot;
      return { subject, seed: firstSeed + rounds * (ofRound[subject] ?? 0) + nth };
    },
    countOf(subject, runs) {
      const rounds = Math.floor(runs / slots.length);
      const begun = slots.slice(0, runs % slots.length);
      const ofBegun = begun.filter((slot) => slot.subject === subject).length;
      return rounds * (ofRound[subject] ?? 0) + ofBegun;
    },
  };
}

function shareOf(name: string): number {
  const share = shares[name];
  if (share === undefined) throw new Error(`${name} has no share of the runs`);
  return share;
}
