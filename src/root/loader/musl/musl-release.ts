import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';

/** What differs between releases of musl's loader. */
export interface MuslRelease {
  /** `1.2.5`; null: the file does not say. */
  readonly version: string | null;
  /** Whether it applies DT_RELR. */
  readonly appliesRelative: 'yes' | 'no' | 'not-known';
  /** Whether it is at least that release; null: not known. */
  isSince(release: Release): boolean | null;
  /** Which name it looks up in itself where nothing defines `name`; null: none. */
  remapped(name: string): string | null;
}

type Release = readonly [major: number, minor: number, patch: number];

export function muslRelease(tables: LinkTables): MuslRelease {
  const { version = null, largeFileNames = [] } = tables.loader?.musl ?? {};
  const release = version === null ? null : parse(version);
  const isSince = (other: Release) => (release === null ? null : compare(release, other) >= 0);
  const names = new Set(largeFileNames);
  // Up to 1.2.5 the name is copied to a buffer of 16 bytes first: posix_fallocate64 does not fit.
  const longest = isSince([1, 2, 6]) || version?.includes('git') ? 17 : 16;
  return {
    version,
    appliesRelative: relativeBy(tables, isSince),
    isSince,
    remapped(name) {
      if (names.size === 0) return null;
      if (name === 'readdir64_r') return 'readdir_r';
      const stem = name.endsWith('64') && name.length <= longest ? name.slice(0, -2) : '';
      return names.has(stem) ? stem : null;
    },
  };
}

/**
 * Since 1.2.4, where the list of names came too. Alpine has taken the change into its 1.2.3 in the end, and what a
 * distribution adds does not show in the version, but in the code. A loader that is linked with DT_RELR applies it to itself.
 */
function relativeBy(
  tables: LinkTables,
  isSince: MuslRelease['isSince'],
): MuslRelease['appliesRelative'] {
  const isOwn = tables.relative !== 'nothing';
  const hasList = (tables.loader?.musl?.largeFileNames.length ?? 0) > 0;
  const tags = tables.loader?.musl?.tags ?? null;
  if (isOwn || hasList || isSince([1, 2, 4]) || tags === 37) return 'yes';
  return isSince([1, 2, 3]) === false || tags === 32 ? 'no' : 'not-known';
}

function parse(version: string): Release | null {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return parts && [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

function compare(a: Release, b: Release): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
