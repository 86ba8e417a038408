import { readSync } from 'node:fs';
import { otherAlgorithms } from '../../../src/base/package-managers.ts';
import type { ElfContent, PlacedElf } from '../../../src/extraction/elf-content.ts';
import { elfInMemory } from '../../../src/layers/content/file-content.ts';

/** A file in memory of its own. */
export function contentOf(file: Buffer): ElfContent {
  return elfInMemory(file, () => {}, otherAlgorithms);
}

/** All of a file on its way to extraction, as a thread finds it. */
export function bytesOfElf({ place }: PlacedElf): Buffer {
  const { offset, length } = place;
  if (place.kind === 'memory') return Buffer.from(place.memory, offset, length);
  const whole = Buffer.alloc(length);
  return whole.subarray(0, readSync(place.descriptor, whole, 0, length, offset));
}
