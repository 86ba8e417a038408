import { bufferAccess } from '../../src/archive/random-access.ts';
import { type ElfContent, lookSize, placeOf } from '../../src/extraction/elf-content.ts';

/** A file in memory of its own. */
export function contentOf(file: Buffer): ElfContent {
  return {
    place: placeOf(file),
    head: file.subarray(0, lookSize),
    bytes: bufferAccess(file),
    release: () => {},
  };
}

/** All of a file on its way to extraction. */
export function wholeOf({ bytes }: ElfContent): Promise<Buffer> {
  return bytes.read(0, bytes.size);
}
