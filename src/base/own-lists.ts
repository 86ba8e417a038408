/** What own lists of a policy say of one file. An absent list does not concern it. */
export interface OwnLists {
  /** Names of libraries that it may need. */
  readonly needed?: AllowedNames;
  /** Symbols that it may offer to others. */
  readonly exports?: AllowedNames;
  /** Symbols that it must not import. */
  readonly denied?: readonly DeniedNames[];
}

export interface AllowedNames {
  /** Globs; none allows nothing. */
  readonly names: readonly string[];
  /** Where the first entry stands, for messages: `hullcheck.yaml:12`. */
  readonly origin: string;
}

export interface DeniedNames {
  /** Globs. */
  readonly names: readonly string[];
  /** '' where none was given. */
  readonly reason: string;
  /** For messages: `hullcheck.yaml:12`. */
  readonly origin: string;
}

/** As a configuration names them. */
export const allowLists = ['needed', 'exports'] as const;
export type AllowList = (typeof allowLists)[number];
