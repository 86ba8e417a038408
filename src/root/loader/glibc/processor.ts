import { EM } from '../../../elf/constants.ts';
import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';
import type { GlibcAbilities } from '../../../facts/link-tables/loader-texts.ts';

/** What glibc finds a processor to be: it decides which subdirectories it searches and what `$PLATFORM` means. */
export interface Processor {
  /** Subdirectories of `glibc-hwcaps`, best first (elf/dl-hwcaps.c). */
  readonly levels: readonly string[];
  /** AT_PLATFORM, or what the loader puts in its place; null: not known. */
  readonly platform: string | null;
  /** Names of features that are directories, in the loader's order. */
  readonly features: readonly string[];
}

/** Every x86-64 of the last 15 years; what AMD and Intel differ in; and the newer levels. */
const x8664: readonly Processor[] = [
  { levels: ['x86-64-v2'], platform: 'x86_64', features: ['x86_64'] },
  { levels: ['x86-64-v3', 'x86-64-v2'], platform: 'x86_64', features: ['x86_64'] },
  { levels: ['x86-64-v3', 'x86-64-v2'], platform: 'haswell', features: ['x86_64'] },
  { levels: ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'], platform: 'x86_64', features: ['x86_64'] },
  {
    levels: ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'],
    platform: 'haswell',
    features: ['avx512_1', 'x86_64'],
  },
];
const i386: readonly Processor[] = [{ levels: [], platform: 'i686', features: ['sse2'] }];
const aarch64: readonly Processor[] = [
  { levels: [], platform: 'aarch64', features: [] },
  { levels: [], platform: 'aarch64', features: ['atomics'] },
];
const power: readonly Processor[] = [
  { levels: [], platform: 'power8', features: [] },
  { levels: ['power9'], platform: 'power9', features: [] },
  { levels: ['power10', 'power9'], platform: 'power10', features: [] },
];
const system: readonly Processor[] = [
  { levels: [], platform: null, features: [] },
  { levels: ['z13'], platform: 'z13', features: [] },
  { levels: ['z14', 'z13'], platform: 'z14', features: [] },
  { levels: ['z15', 'z14', 'z13'], platform: 'z15', features: [] },
  { levels: ['z16', 'z15', 'z14', 'z13'], platform: 'z16', features: [] },
];
const other: Processor = { levels: [], platform: null, features: [] };

/** Processors of a machine that a loader distinguishes; the first one has only what all of them have. */
export function processorsOf({ machine, bits }: LinkTables): readonly [Processor, ...Processor[]] {
  const known =
    machine === EM.X86_64 && bits === 64
      ? x8664
      : machine === EM.I386
        ? i386
        : machine === EM.AARCH64
          ? aarch64
          : machine === EM.PPC64
            ? power
            : machine === EM.S390 && bits === 64
              ? system
              : [];
  const [first = other, ...more] = known;
  return [first, ...more];
}

/** Below each directory that is searched, in order; without the directory itself, which comes last. */
export function subdirectoriesFor(
  { levels, platform, features }: Processor,
  abilities: GlibcAbilities | null,
): readonly string[] {
  const names = ['tls', ...(platform === null ? [] : [platform]), ...features];
  return [
    ...(abilities?.levelDirectories ? levels.map((level) => `glibc-hwcaps/${level}`) : []),
    ...(abilities?.featureDirectories ? combinations(names) : []),
  ];
}

/** elf/dl-hwcaps.c before 2.37, _dl_important_hwcaps: each choice of the names, counted down in binary. */
function combinations(names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (let choice = 2 ** names.length - 1; choice > 0; choice -= 1) {
    found.add(
      names.filter((_, index) => (choice & (1 << (names.length - 1 - index))) !== 0).join('/'),
    );
  }
  return [...found];
}
