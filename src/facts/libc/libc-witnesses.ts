import type { BytePattern } from '../search/pattern-search.ts';

interface Witness extends BytePattern {
  readonly name: 'glibc' | 'musl' | 'uclibc';
}

/**
 * Strings that start-up code of the libc refers to, so they are there however small the program: glibc's tunables and
 * the kernel check of older ones; musl's table of error texts, one string joined by NULs since its first release.
 */
export const libcWitnesses: readonly Witness[] = [
  { name: 'glibc', anchor: 'GLIBC_T', pattern: /^GLIBC_TUNABLES/ },
  { name: 'glibc', anchor: 'FATAL: ', pattern: /^FATAL: kernel too old/ },
  { name: 'musl', anchor: 'No erro', pattern: /^No error information\0/ },
  { name: 'uclibc', anchor: '/etc/TZ', pattern: /^\/etc\/TZ\0/ },
];
