// supporting: how a file of debug information is told from the program it was split from
import { SHF, SHT } from '../elf/constants.ts';
import type { Elf, Section } from '../elf/model.ts';
import type { Evidence } from '../verdict.ts';

/**
 * Files of `objcopy --only-keep-debug` and `eu-strip -f` keep all headers, but their code sections are SHT_NOBITS.
 * Section headers can be forged, so the claim counts only if the loader would not find the code either: the bytes at
 * the section's address are missing, or belong to debug sections. null when the file is not of this sort.
 */
export function debugOnlyEvidence(elf: Elf): Evidence | null {
  const code = elf.sections.filter(
    (section) => has(section, SHF.ALLOC) && has(section, SHF.EXECINSTR),
  );
  const [first] = code;
  if (first === undefined || !code.every((section) => section.type === SHT.NOBITS)) return null;
  if (code.some((section) => section.size > 0n && isInFile(elf, section))) return null;
  return { what: `section ${first.name}`, saw: 'SHT_NOBITS: the code was left out' };
}

/**
 * Object files that hold nothing for a linker to put into memory: what dwz moves out of several files
 * (`.gnu_debugaltlink` names it), and the `.dwo` files of `gcc -gsplit-dwarf`. null for any other object.
 */
export function debugObjectEvidence({ sections }: Elf): Evidence | null {
  const debug = sections.find(({ name }) => /^\.z?debug_/.test(name));
  const isLoaded = (section: Section) =>
    has(section, SHF.ALLOC) && section.size > 0n && section.type !== SHT.NOTE;
  if (debug === undefined || sections.some(isLoaded)) return null;
  return { what: `section ${debug.name}`, saw: 'and none with code or data' };
}

function isInFile(elf: Elf, code: Section): boolean {
  const length = Number(code.size);
  const offset = elf.fileOffset(code.address, length);
  if (offset === null || offset + length > elf.bytes.size) return false;
  const end = BigInt(offset + length);
  return !elf.sections.some(
    (section) =>
      !has(section, SHF.ALLOC) &&
      section.type !== SHT.NOBITS &&
      section.offset < end &&
      section.offset + section.size > BigInt(offset),
  );
}

function has(section: Section, flag: bigint): boolean {
  return (section.flags & flag) !== 0n;
}
