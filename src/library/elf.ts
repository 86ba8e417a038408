/** `hullcheck/elf`: the reader of ELF files by itself. */
import type { Elf } from '../elf/model.ts';
import { readElf as readBytes } from '../elf/read-elf.ts';
import { bytesOf } from '../elf/reading/bytes.ts';
import type { ElfLimits } from '../elf/reading/decoding-budget.ts';

export { DamagedInput, LimitExceeded, MalformedElf } from '../base/errors.ts';
export * from '../elf/constants.ts';
export type { Elf } from '../elf/model.ts';
export type { ElfLimits } from '../elf/reading/decoding-budget.ts';
export type {
  DynamicEntry,
  ElfSymbol,
  FileHeader,
  Note,
  NoteDamage,
  Relocation,
  Section,
  Segment,
  SymbolVersion,
  VersionNeed,
} from '../elf/records.ts';

/**
 * The tables of an ELF file; each is decoded when it is first used, and kept. The bytes must not change. Throws MalformedElf at once if
 * the file header cannot be read; other damage is thrown by the table that it is in, and a table is never shortened.
 */
export function readElf(file: Uint8Array, limits?: ElfLimits): Elf {
  return readBytes(bytesOf(Buffer.from(file.buffer, file.byteOffset, file.byteLength)), limits);
}
