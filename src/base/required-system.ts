/**
 * A system that files have to run on, as a policy names it: each member is the oldest or smallest of its kind. What is not named is not
 * asked. No other system has been named than those of Linux.
 */
export interface RequiredSystem {
  /** Release, as `2.31`. */
  readonly glibc?: string;
  /** Release, as `1.2.2`. */
  readonly musl?: string;
  /** Version of its symbols, as `3.4.28` (GLIBCXX_3.4.28, that of GCC 10). */
  readonly libstdcxx?: string;
  /** Release of Linux, as `5.10`. */
  readonly kernel?: string;
  readonly cpu?: ProcessorLevel;
  /** Largest pages of its kernels. */
  readonly page?: PageSize;
}

export type RequiredPart = keyof RequiredSystem;

/** By the x86-64 psABI; each has what those before it have. */
export const processorLevels = ['x86-64-v1', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'] as const;
export type ProcessorLevel = (typeof processorLevels)[number];

/** Smallest first. */
export const pageSizes = ['4k', '16k', '64k'] as const;
export type PageSize = (typeof pageSizes)[number];

export const requiredParts: readonly RequiredPart[] = [
  'glibc',
  'musl',
  'libstdcxx',
  'kernel',
  'cpu',
  'page',
];
