import { MalformedElf } from '../../base/errors.ts';
import type { Elf } from '../model.ts';

/** The file that debug information was moved to, as the program names it. */
export interface DebugLink {
  /** A file name without folders. */
  readonly name: string;
  /** CRC-32 of the whole file, as in zlib. */
  readonly crc: number;
}

/** `.gnu_debuglink`: a file name with its NUL, padded to four bytes, and a CRC of that file in the byte order of the program. */
export function debugLinkOf(elf: Elf): DebugLink | null {
  const bytes = linkBytes(elf, '.gnu_debuglink');
  if (bytes === null) return null;
  const end = bytes.indexOf(0);
  const at = (end + 4) & ~3;
  if (end <= 0 || at + 4 > bytes.length)
    throw new MalformedElf(`.gnu_debuglink has ${bytes.length} bytes: a name and a CRC expected`);
  const name = bytes.toString('utf8', 0, end);
  const crc = elf.header.byteOrder === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  return { name, crc };
}

/** The file that dwz moved to what several files of debug information share. */
export interface AlternateLink {
  /** As dwz was given it: often a path. */
  readonly name: string;
  /** In hex. */
  readonly buildId: string;
}

/** `.gnu_debugaltlink`: a file name with its NUL, and the build ID of that file. */
export function alternateLinkOf(elf: Elf): AlternateLink | null {
  const bytes = linkBytes(elf, '.gnu_debugaltlink');
  const end = bytes?.indexOf(0) ?? -1;
  if (bytes === null || end <= 0) return null;
  return { name: bytes.toString('utf8', 0, end), buildId: bytes.toString('hex', end + 1) };
}

/** Longer than any path: what is beyond it is not read. */
const longest = 8192;

function linkBytes(elf: Elf, name: string): Buffer | null {
  const section = elf.sections.find((candidate) => candidate.name === name);
  if (section === undefined || section.size > BigInt(longest)) return null;
  return elf.sectionBytes(section);
}
