import { MalformedElf } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';
import { PT } from '../constants.ts';
import type { Bytes } from '../reading/bytes.ts';
import { hex, narrow } from '../reading/narrow.ts';
import type { Segment } from '../records.ts';

/** Linux refuses longer ones (PATH_MAX in load_elf_binary). */
export const longestInterpreter = 4096;

/** As the kernel finds it: p_offset and p_filesz of the first PT_INTERP, whose last byte must be NUL. */
export function readInterpreter(bytes: Bytes, segments: readonly Segment[]): string | null {
  const segment = segments.find(({ type }) => type === PT.INTERP);
  // A debug-only file keeps the program header and drops the bytes.
  if (segment === undefined || segment.fileSize === 0n) return null;
  const size = narrow(segment.fileSize, 'the size of PT_INTERP');
  const offset = narrow(segment.offset, 'the offset of PT_INTERP');
  if (size > longestInterpreter) {
    throw new MalformedElf(`PT_INTERP has ${size} bytes, Linux accepts ${longestInterpreter}`);
  }
  const path = bytes.read(offset, size);
  if (path[size - 1] !== 0) {
    throw new MalformedElf(`PT_INTERP at offset ${hex(offset)} does not end with NUL`);
  }
  if (path[0] === 0) throw new MalformedElf(`PT_INTERP at offset ${hex(offset)} is empty`);
  return decodeName(path.subarray(0, path.indexOf(0)));
}
