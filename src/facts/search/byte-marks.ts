import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { languageMarks } from '../language/language-marks.ts';
import { libcWitnesses } from '../libc/libc-witnesses.ts';
import { sourcePatterns } from './build-path-patterns.ts';
import { constantRanges, type Range, writableRanges } from './byte-search.ts';
import { cxxTexts } from './cxx-texts.ts';
import { instruments } from './instrument-marks.ts';
import { type BytePattern, type Match, patternSearch } from './pattern-search.ts';

/** How the record begins that the Go linker writes. */
export const goMagic: BytePattern = { anchor: '\xff Go bu', pattern: /^\xff Go buildinf:/ };

/** What BusyBox says first when it is asked what it is. */
export const busyboxBanner: BytePattern = { anchor: 'BusyBox v', pattern: /^BusyBox v\d/ };

/** What jemalloc says where pages are larger than it was built for. */
export const jemallocText: BytePattern = {
  anchor: '<jemall',
  pattern: /^<jemalloc>: Unsupported system page size\n\0/,
};

/** The first place in the file's constants where one of the known patterns matches. */
export const findConstant = finder(constantRanges, [
  ...languageMarks.map(({ constant }) => constant),
  ...instruments.map(({ constant }) => constant),
  ...libcWitnesses,
  ...sourcePatterns,
  ...cxxTexts,
  busyboxBanner,
  jemallocText,
]);

/** The same in writable data. */
export const findData = finder(writableRanges, [...languageMarks.map(({ data }) => data), goMagic]);

function finder(
  rangesOf: (elf: Elf) => readonly Range[],
  patterns: readonly (BytePattern | undefined)[],
): (elf: Elf, pattern: BytePattern) => Match | null {
  const search = patternSearch(patterns.filter((pattern) => pattern !== undefined));
  const matchesIn = perFile((elf) => search(elf.bytes, rangesOf(elf)));
  return (elf, pattern) => matchesIn(elf).get(pattern) ?? null;
}
