import { isOlder } from '../base/is-older.ts';
import { EM, PT } from '../elf/constants.ts';
import { pageFit } from '../elf/memory/page-fit.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import { hasPackedRelative, processorNeeds } from './file/loader-needs.ts';
import { type SystemTag, systemTag } from './file/system-tag.ts';
import kind from './kind.ts';
import libc from './libc.ts';
import { isUnprotectable } from './link-tables/relro-range.ts';

/** The oldest system that a file can be started or loaded on, each with what sets it. null: nothing in the file sets it. */
export interface SystemNeeds {
  /** Release of glibc: `2.34`. */
  readonly glibc: Need | null;
  /** Version of symbols of libstdc++: `3.4.30` (that of GCC 12). */
  readonly libstdcxx: Need | null;
  readonly musl: Need | null;
  /** Linux: `3.2.0`. */
  readonly kernel: Need | null;
  /** `x86-64-v3`, as the linker noted it. Code that was compiled for more, and notes less, needs more. */
  readonly processor: Need | null;
  /** Bytes: the largest pages that its segments can be mapped with; null for what no kernel maps. */
  readonly largestPage: number | null;
}

export interface Need {
  readonly version: string;
  /** `pidfd_open, GLIBC_2.36`. */
  readonly by: string;
}

export default factExtractor('tables', (elf): SystemNeeds => {
  const libraryOf = optional(() => libc(elf)) ?? null;
  return {
    glibc: newestOf(
      newest(elf, glibcVersion),
      libraryOf?.name === 'glibc' ? ofPacked(elf, '2.36') : null,
    ),
    libstdcxx: newest(elf, libstdcxxVersion),
    musl: libraryOf?.name === 'musl' ? ofPacked(elf, '1.2.4') : null,
    kernel: ofKernel(elf),
    processor: ofProcessor(elf),
    largestPage: largestPage(elf),
  };
});

/** What a version that a file requires means for the release, or null where it says nothing of it. */
type VersionOf = (version: string) => string | null;

/** Versions that lock old loaders out of what they do not know have no number of their own (sysdeps/*\/dl-version.c). */
const lockOuts: Readonly<Record<string, string>> = { GLIBC_ABI_DT_RELR: '2.36' };

const glibcVersion: VersionOf = (version) =>
  lockOuts[version] ?? /^GLIBC_(\d+(?:\.\d+)+)$/.exec(version)?.[1] ?? null;

/** What the runtime of C++ requires has versions of its own, which came with one of the library (its manual, "ABI Policy and Guidelines"). */
const withRuntime: Readonly<Record<string, string>> = {
  'CXXABI_1.3.8': '3.4.20',
  'CXXABI_1.3.9': '3.4.21',
  'CXXABI_1.3.10': '3.4.22',
  'CXXABI_1.3.11': '3.4.23',
  'CXXABI_1.3.12': '3.4.26',
  'CXXABI_1.3.13': '3.4.29',
  'CXXABI_1.3.14': '3.4.31',
  'CXXABI_1.3.15': '3.4.33',
};

const libstdcxxVersion: VersionOf = (version) =>
  withRuntime[version] ?? /^GLIBCXX_(\d+(?:\.\d+)+)$/.exec(version)?.[1] ?? null;

/** The highest of the versions that a loader requires: for a weak one it warns only. */
function newest(elf: Elf, versionOf: VersionOf): Need | null {
  const needed = elf.versionNeeds
    .flatMap(({ versions }) => versions)
    .flatMap(({ name, weak }) => {
      const version = weak ? null : versionOf(name);
      return version === null ? [] : [{ name, version }];
    });
  const [first, ...rest] = needed;
  if (first === undefined) return null;
  const highest = rest.reduce((a, b) => (isOlder(a.version, b.version) ? b : a), first);
  const symbol = firstOfVersion(elf, highest.name);
  return {
    version: highest.version,
    by: symbol === null ? highest.name : `${symbol}, ${highest.name}`,
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

/** Older loaders pass over DT_RELR, and the program runs with pointers that nobody relocated. */
function ofPacked(elf: Elf, version: string): Need | null {
  const { how } = libc(elf);
  return hasPackedRelative(elf) && how === 'asked' ? { version, by: 'DT_RELR' } : null;
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
