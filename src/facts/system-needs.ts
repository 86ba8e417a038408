import { isOlder } from '../base/is-older.ts';
import { DT, EM, PT, STB } from '../elf/constants.ts';
import { pageFit } from '../elf/memory/page-fit.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { bindingOf } from '../elf/symbols/symbol-table.ts';
import { factExtractor } from './fact-extractor.ts';
import { hasPackedRelative, processorNeeds } from './file/loader-needs.ts';
import { type SystemTag, systemTag } from './file/system-tag.ts';
import kind from './kind.ts';
import { muslReleaseOf } from './libc/musl-additions.ts';
import libc, { type Libc } from './libc.ts';
import { isUnprotectable } from './link-tables/relro-range.ts';
import linking from './linking.ts';
import { holdsConstant } from './search/byte-search.ts';

/** The oldest system that a file can be started or loaded on, each with what sets it. null: nothing in the file sets it. */
export interface SystemNeeds {
  /** Release of glibc: `2.34`. */
  readonly glibc: Need | null;
  /** Version of symbols of libstdc++: `3.4.30` (that of GCC 12). */
  readonly libstdcxx: Need | null;
  /** By names that its releases added, and DT_RELR. Names of musl have no versions. */
  readonly musl: Need | null;
  /** Linux: `3.2.0`. */
  readonly kernel: Need | null;
  /** `x86-64-v3`, as the linker noted it. Code that was compiled for more, and notes less, needs more. */
  readonly processor: Need | null;
  /** A static program of glibc holds the path of a configuration by which it opens libraries of its own release at run time; else null. */
  readonly opens: string | null;
  /** Bytes: the largest pages that its segments can be mapped with; null for what no kernel maps. */
  readonly largestPage: number | null;
}

export interface Need {
  readonly version: string;
  /** `pidfd_open, GLIBC_2.36`. */
  readonly by: string;
  /** Releases since this one have it too where they were updated. Absent: none. */
  readonly updatedSince?: string;
  /** No release at all starts the file, and why: a predicate. Absent: later ones do. */
  readonly refused?: string;
  /** Another library than the one that is named may bring it. Absent: none can. */
  readonly orByOther?: string;
}

export default factExtractor('tables', (elf): SystemNeeds => {
  const libraryOf = optional(() => libc(elf)) ?? null;
  return {
    glibc: ofGlibc(elf, libraryOf?.name === 'glibc' || libraryOf?.how === 'unknown'),
    libstdcxx: newest(elf, libstdcxxVersion),
    musl: muslNeeds(elf, libraryOf),
    kernel: ofKernel(elf),
    processor: ofProcessor(elf),
    opens: libraryOf?.name === 'glibc' ? opensLater(elf) : null,
    largestPage: largestPage(elf),
  };
});

/** What a version that a file requires means for the release, or null where it says nothing of it. */
type VersionOf = (version: string) => Release | null;

interface Release {
  readonly release: string;
  /** As in Need. */
  readonly updatedSince?: string;
}

/**
 * Versions that lock out loaders that do not know something have no number of their own (Versions of sysdeps/x86, x86_64 and i386). The
 * release that brought each, and the oldest whose branch of updates has it (read on 2026-11-30): Debian 13 has two of them in 2.41.
 */
const lockOuts: Readonly<Record<string, Release>> = {
  GLIBC_ABI_DT_RELR: { release: '2.36' },
  GLIBC_ABI_GNU_TLS: { release: '2.43', updatedSince: '2.38' },
  GLIBC_ABI_GNU2_TLS: { release: '2.43', updatedSince: '2.38' },
  GLIBC_ABI_DT_X86_64_PLT: { release: '2.43', updatedSince: '2.33' },
};

const glibcVersion: VersionOf = (version) => {
  const numbered = /^GLIBC_(\d+(?:\.\d+)+)$/.exec(version)?.[1];
  return lockOuts[version] ?? (numbered === undefined ? null : { release: numbered });
};

/**
 * The runtimes of C++ and of GCC have versions of their own, which came with one of the library (its manual, "ABI Policy and Guidelines", and
 * libgcc's version scripts): libgcc_s and libstdc++ are built together.
 */
const withRuntime: Readonly<Record<string, string>> = {
  'CXXABI_1.3.8': '3.4.20',
  'CXXABI_1.3.9': '3.4.21',
  'CXXABI_1.3.10': '3.4.22',
  'CXXABI_1.3.11': '3.4.23',
  'CXXABI_1.3.12': '3.4.26',
  'CXXABI_1.3.13': '3.4.29',
  'CXXABI_1.3.14': '3.4.31',
  'CXXABI_1.3.15': '3.4.33',
  'GCC_7.0.0': '3.4.23',
  'GCC_12.0.0': '3.4.30',
  'GCC_13.0.0': '3.4.31',
  'GCC_14.0.0': '3.4.33',
};

const libstdcxxVersion: VersionOf = (version) => {
  const release = withRuntime[version] ?? /^GLIBCXX_(\d+(?:\.\d+)+)$/.exec(version)?.[1];
  return release === undefined ? null : { release };
};

/** The highest of the versions that a loader requires: for a weak one it warns only. */
function newest(elf: Elf, versionOf: VersionOf): Need | null {
  const needed = elf.versionNeeds
    .flatMap(({ versions }) => versions)
    .flatMap(({ name, weak }) => {
      const version = weak ? null : versionOf(name);
      return version === null ? [] : [{ name, ...version }];
    });
  const [first, ...rest] = needed;
  if (first === undefined) return null;
  const highest = rest.reduce((a, b) => (isOlder(a.release, b.release) ? b : a), first);
  const symbol = firstOfVersion(elf, highest.name);
  const least = needed.map(({ release, updatedSince }) => updatedSince ?? release);
  const updatedSince = least.reduce((a, b) => (isOlder(a, b) ? b : a));
  return {
    version: highest.release,
    by: symbol === null ? highest.name : `${symbol}, ${highest.name}`,
    ...(updatedSince === highest.release ? {} : { updatedSince }),
  };
}

function newestOf(one: Need | null, other: Need | null): Need | null {
  if (one === null || other === null) return one ?? other;
  return isOlder(one.version, other.version) ? other : one;
}

function firstOfVersion({ dynamicSymbolTable: table }: Elf, version: string): string | null {
  for (let index = 1; index < table.length; index += 1)
    if (table.sections[index] === 0 && table.version(index)?.name === version)
      return table.name(index);
  return null;
}

/** elf/dl-version.c, _dl_check_map_versions: what requires versions and has DT_RELR has to require that of DT_RELR too. */
function ofGlibc(elf: Elf, mayBeGlibc: boolean): Need | null {
  const versioned = newest(elf, glibcVersion);
  const packed = mayBeGlibc ? ofPacked(elf, '2.36') : null;
  const need = newestOf(versioned, packed);
  if (need === null || packed === null || elf.versionNeeds.length === 0) return need;
  const asks = elf.versionNeeds.some(({ versions }) =>
    versions.some(({ name }) => name === 'GLIBC_ABI_DT_RELR'),
  );
  const needsLibc = elf.dynamicStrings(DT.NEEDED).some((name) => name.startsWith('libc.so.'));
  return asks || !needsLibc
    ? need
    : { ...need, refused: 'it has DT_RELR and does not require GLIBC_ABI_DT_RELR' };
}

function muslNeeds(elf: Elf, library: Libc | null): Need | null {
  if (library?.how === 'unknown') return ofPacked(elf, '1.2.4');
  const isAsked = library?.name === 'musl' && library.how === 'asked';
  return isAsked ? newestOf(ofMusl(elf), ofPacked(elf, '1.2.4')) : null;
}

/** Libraries of GCC define none of musl's names. */
const ofCompilers = /^lib(gcc_s|stdc\+\+|gomp|atomic)\.so/;
const ofMuslItself = /^(libc\.musl-|libc\.so)/;

/** Weak names may be missing. */
function ofMusl(elf: Elf): Need | null {
  const { dynamicSymbolTable: table, header } = elf;
  let found: Need | null = null;
  for (let index = 1; index < table.length; index += 1) {
    if (table.sections[index] !== 0 || bindingOf(table, index) !== STB.GLOBAL) continue;
    const name = table.name(index);
    const version = muslReleaseOf(name, header.bits);
    if (version !== null && (found === null || isOlder(found.version, version)))
      found = { version, by: name };
  }
  const other = elf
    .dynamicStrings(DT.NEEDED)
    .find((name) => !ofMuslItself.test(name) && !ofCompilers.test(name));
  return found === null || other === undefined ? found : { ...found, orByOther: other };
}

/** NSS, by which glibc finds users and hosts, opens libraries that fit its own release alone (its manual, "Static linking"). */
function opensLater(elf: Elf): string | null {
  if (linking(elf).how !== 'static') return null;
  const path = '/etc/nsswitch.conf';
  return holdsConstant(elf, path) ? path : null;
}

/** Older loaders pass over DT_RELR, and the program runs with pointers that nobody relocated. A library that needs no other is loaded too. */
function ofPacked(elf: Elf, version: string): Need | null {
  const isLoaded = libc(elf).how !== 'itself' && linking(elf).how === 'dynamic';
  return hasPackedRelative(elf) && isLoaded ? { version, by: 'DT_RELR' } : null;
}

function ofKernel(elf: Elf): Need | null {
  const tag: SystemTag | null = systemTag(elf);
  if (tag === null || tag.system !== linux) return null;
  return { version: tag.kernel.join('.'), by: 'note GNU_ABI_TAG' };
}

/** First word of the note GNU_ABI_TAG. */
const linux = 0;

/** By bits of GNU_PROPERTY_X86_ISA_1_NEEDED. */
const levels: readonly (readonly [bit: number, level: string])[] = [
  [8, 'x86-64-v4'],
  [4, 'x86-64-v3'],
  [2, 'x86-64-v2'],
  [1, 'x86-64-v1'],
];

function ofProcessor(elf: Elf): Need | null {
  if (elf.header.machine !== EM.X86_64) return null;
  const bits = processorNeeds(elf);
  const level = levels.find(([bit]) => (bits & bit) !== 0);
  return level === undefined ? null : { version: level[1], by: 'note x86 ISA needed' };
}

/** As the fact `pageSizes` says it of kernels of the machine. */
function largestPage(elf: Elf): number | null {
  const { kind: is } = kind(elf);
  if (is === 'object' || is === 'core' || is === 'kernel-module' || is === 'kernel') return null;
  if (!elf.segments.some(({ type, memorySize }) => type === PT.LOAD && memorySize > 0n))
    return null;
  const fits = (page: number) =>
    pageFit(elf.segments, BigInt(page)).how === 'fits' && !isUnprotectable(elf, BigInt(page));
  return pages.find(fits) ?? null;
}

/** Sizes that kernels of some machine have, the largest first. */
const pages: readonly number[] = [65_536, 16_384, 8192, 4096];
