import { readSync } from 'node:fs';
import { bufferAccess } from '../../src/archive/random-access.ts';
import {
  type ElfContent,
  lookOf,
  lookSize,
  type PlacedElf,
  placeOf,
} from '../../src/extraction/elf-content.ts';

/** A file in memory of its own. */
export function contentOf(file: Buffer): ElfContent {
  const head = file.subarray(0, lookSize);
  return {
    place: placeOf(file),
    look: lookOf(head, file.length),
    head,
    bytes: bufferAccess(file),
    release: () => {},
  };
}

/** All of a file on its way to extraction, as a thread finds it. */
export function bytesOfElf({ place }: PlacedElf): Buffer {
  const { offset, length } = place;
  if (place.kind === 'memory') return Buffer.from(place.memory, offset, length);
  const whole = Buffer.alloc(length);
  return whole.subarray(0, readSync(place.descriptor, whole, 0, length, offset));
}
