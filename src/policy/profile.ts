import type { Level } from './level.ts';
import type { GateConditions, LevelChange, Selector } from './policy.ts';

/**
 * What binaries are judged by: how much each rule matters to the builder of the files. One file of profiles/ is one
 * profile.
 */
export interface Profile {
  readonly name: string;
  /** One line, for `hullcheck profiles`. */
  readonly summary: string;
  /** For whom it is, and what it changes. Markdown. */
  readonly explanation: string;
  /** In order: the last one that matches a verdict sets its level. */
  readonly expectations: readonly Expectation[];
  /** Conditions that differ from the default's. */
  readonly gate: Partial<Pick<GateConditions, 'failOn' | 'failOnUnknown'>>;
}

/** What is promised, or not, of some binaries. */
export interface Expectation {
  readonly rules: readonly string[];
  readonly level: Level;
  /** Why, as the end of a sentence. */
  readonly because: string;
  readonly where: Selector;
  /** URL of what says so. */
  readonly source: string;
  /** Not a promise: how stock files are known to deviate from one. */
  readonly isDeviation?: true;
}

/** Keeps the types of a profile's file together; its name is the file's. */
export function defineProfile(profile: Omit<Profile, 'name'>): Omit<Profile, 'name'> {
  return profile;
}

export function levelsOf({ expectations }: Profile): readonly LevelChange[] {
  return expectations.flatMap(({ rules, level, because, where, isDeviation }) =>
    rules.map((rule) => ({
      rule,
      level,
      because,
      where,
      by: 'profile' as const,
      ...(isDeviation === undefined ? {} : { isDeviation }),
    })),
  );
}
