import type { Elf } from '../elf/model.ts';
import { perFile } from '../elf/reading/per-file.ts';
import { factExtractor } from './fact-extractor.ts';
import { packedBy } from './packer.ts';
import { constantRanges } from './search/byte-search.ts';
import { type BytePattern, patternSearch } from './search/pattern-search.ts';
import soname from './soname.ts';

/** A library that was compiled into the file: no package manager updates it. */
export interface EmbeddedLibrary {
  readonly name: string;
  readonly version: string;
  /** The text that its source puts into every build. */
  readonly saw: string;
  /** File offset of the text. */
  readonly offset: bigint;
}

/** What a library prints of itself. A program that only prints the version of another file's library has no such text. */
interface Banner {
  readonly name: string;
  /** Sonames of the library itself. */
  readonly itself: RegExp;
  /** `version` is a group of its pattern. */
  readonly constant: BytePattern;
}

/** Each text is in a source file of the library that its users link with it. */
const banners: readonly Banner[] = [
  {
    name: 'zlib',
    itself: /^libz\b/,
    constant: {
      anchor: 'nflate ',
      lead: 2,
      pattern: /^ inflate (?<version>\d+\.\d+[\w.-]*) Copyright 1995-\d{4} Mark Adler /,
    },
  },
  {
    name: 'libpng',
    itself: /^libpng/,
    constant: {
      anchor: 'libpng ',
      pattern: /^libpng version (?<version>\d+\.\d+\.\d+\w*)/,
    },
  },
  {
    name: 'OpenSSL',
    itself: /^lib(crypto|ssl)\b/,
    constant: {
      anchor: 'OpenSSL',
      pattern: /^OpenSSL (?<version>\d+\.\d+\.\d+[a-z]*)(?:-\w+)? +\d{1,2} [A-Z][a-z]{2} \d{4}/,
    },
  },
  {
    name: 'expat',
    itself: /^libexpat/,
    constant: { anchor: 'expat_', pattern: /^expat_(?<version>\d+\.\d+\.\d+)\0/ },
  },
  {
    name: 'bzip2',
    itself: /^libbz2/,
    constant: {
      anchor: '1.0.',
      lead: 1,
      pattern: /^\0(?<version>1\.0\.\d), \d{1,2}-[A-Z][a-z]{2}-\d{4}\0/,
    },
  },
  {
    name: 'libcurl',
    itself: /^libcurl/,
    constant: { anchor: 'libcurl', pattern: /^libcurl\/(?<version>\d+\.\d+\.\d+)/ },
  },
  {
    name: 'libjpeg-turbo',
    itself: /^lib(turbo)?jpeg/,
    constant: {
      anchor: 'libjpeg',
      pattern: /^libjpeg-turbo version (?<version>\d+\.\d+[\w.]*)/,
    },
  },
  {
    name: 'PCRE2',
    itself: /^libpcre2/,
    constant: {
      anchor: '10.',
      lead: 1,
      pattern: /^\0(?<version>10\.\d{2}(?:-RC\d)?) 20\d\d-\d\d-\d\d\0/,
    },
  },
  {
    // The version has no mark of its own; the check-in that it was built from has.
    name: 'SQLite',
    itself: /^libsqlite3/,
    constant: {
      anchor: '\x0020',
      pattern: /^\0(?<version>20\d\d-\d\d-\d\d) \d\d:\d\d:\d\d [0-9a-f]{64}/,
    },
  },
];

/** In the order of the table above. [] where there is none, and for a packed file. */
export default factExtractor('code', (elf): readonly EmbeddedLibrary[] => {
  if (packedBy(elf) !== null) return [];
  const own = soname(elf) ?? '';
  const matches = matchesIn(elf);
  return banners.flatMap(({ name, itself, constant }): EmbeddedLibrary[] => {
    const found = matches.get(constant);
    const version = found?.match.groups?.['version'];
    if (found === undefined || version === undefined || itself.test(own)) return [];
    const saw = found.match[0].replaceAll('\0', '').trim();
    return [{ name, version, saw, offset: BigInt(found.offset) }];
  });
});

const search = patternSearch(banners.map(({ constant }) => constant));

/** A search of its own: only readers need it. */
const matchesIn = perFile((elf: Elf) => search(elf.bytes, constantRanges(elf)));
