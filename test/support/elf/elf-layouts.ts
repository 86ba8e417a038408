import type { Layout } from '../../../src/elf/reading/layout.ts';

/** The four shapes that every ELF table comes in. */
export const layouts: readonly Layout[] = [
  { bits: 64, byteOrder: 'little' },
  { bits: 64, byteOrder: 'big' },
  { bits: 32, byteOrder: 'little' },
  { bits: 32, byteOrder: 'big' },
];
