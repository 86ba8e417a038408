import { DamagedInput, MalformedElf } from '../../base/errors.ts';
import type { Evidence } from '../../base/verdict.ts';
import { DT, ET, PF, PT, SHF, SHT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { Bytes } from '../../elf/reading/bytes.ts';
import type { Section } from '../../elf/records.ts';

/**
 * Files of `objcopy --only-keep-debug` and `eu-strip -f` keep all headers, but their code sections are SHT_NOBITS.
 * Kernel and loader never read section headers, so the claim counts only where neither could use the file: the file has
 * no bytes at the entry point or has a PT_INTERP without a name, and no dynamic section is left. null for any other
 * file. Throws MalformedElf where the program headers lead into debug information, as `eu-strip` leaves them: for a
 * program without a loader nothing shows whether that is code.
 */
export function debugOnlyEvidence(elf: Elf): Evidence | null {
  const code = elf.sections.filter(
    (section) => has(section, SHF.ALLOC) && has(section, SHF.EXECINSTR),
  );
  const [first] = code;
  if (first === undefined || !code.every((section) => section.type === SHT.NOBITS)) return null;
  if (!elf.sections.some(isForDebuggers) || canBeLoaded(elf) || hasUnclaimedCode(elf)) return null;
  const start = startOffset(elf);
  if (start === null) {
    return { what: `section ${first.name}`, saw: 'SHT_NOBITS: the code was left out' };
  }
  const holder = debugPartAt(elf, BigInt(start));
  if (holder === null) return null;
  throw new MalformedElf(
    `the bytes at e_entry are at 0x${start.toString(16)}, in ${holder}: a program, or debug information split from one`,
  );
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

/** Where the code is with which Linux would start the file; null when it would start nothing. */
function startOffset(elf: Elf): number | null {
  const { entry, type } = elf.header;
  if (type === ET.DYN && entry === 0n) return null;
  if (elf.segments.some((segment) => segment.type === PT.INTERP) && !namesLoader(elf)) return null;
  return cannotBeCleared(elf) ? null : elf.fileOffset(entry, 1);
}

/** Debug information has no path in the place of PT_INTERP. A name of control characters only would be one of the current directory. */
function namesLoader(elf: Elf): boolean {
  try {
    const { interpreter } = elf;
    return interpreter !== null && !/^[^/]*[^\x20-\uffff]/.test(interpreter);
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}

/**
 * Linux fills the last page of a writable segment with zeros from the end of its file bytes on, and gives up where the
 * file has no such page (padzero in fs/binfmt_elf.c).
 */
function cannotBeCleared({ segments, bytes }: Elf): boolean {
  return segments.some(({ type, flags, offset, fileSize, memorySize }) => {
    if (type !== PT.LOAD || (flags & 2) === 0 || fileSize === 0n) return false;
    const end = offset + fileSize;
    const lastPage = end - (end % 0x10000n);
    return memorySize > fileSize && end % 0x1000n !== 0n && lastPage > BigInt(bytes.size);
  });
}

/** No loader gets by without the table of strings and that of symbols. */
function canBeLoaded(elf: Elf): boolean {
  try {
    const table = elf.dynamic ?? [];
    return [DT.STRTAB, DT.SYMTAB].every((wanted) =>
      table.some(({ tag, value }) => tag === wanted && elf.fileOffset(value, 1) !== null),
    );
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}

/**
 * Bytes of an executable segment that belong to no section and to no table of headers. What splits a file writes nothing
 * between the sections that it keeps, so these are code whose sections were renamed to empty ones.
 */
function hasUnclaimedCode({ bytes, header, segments, sections }: Elf): boolean {
  const claims = [
    tableAt(0n, 1, header.bits === 64 ? 64 : 52),
    tableAt(header.programHeaderOffset, header.programHeaderCount, header.programHeaderSize),
    tableAt(header.sectionHeaderOffset, header.sectionHeaderCount, header.sectionHeaderSize),
    ...sections
      .filter(({ type }) => type !== SHT.NOBITS && type !== SHT.NULL)
      .map(({ offset, size }) => ({ start: Number(offset), end: Number(offset + size) })),
  ].sort((a, b) => a.start - b.start);
  return segments.some(({ type, flags, offset, fileSize }) => {
    if (type !== PT.LOAD || (flags & PF.X) === 0) return false;
    const end = Math.min(bytes.size, Number(offset + fileSize));
    let at = Number(offset);
    for (const claim of claims) {
      if (claim.start > at && hasContent(bytes, at, Math.min(claim.start, end))) return true;
      at = Math.max(at, claim.end);
    }
    return hasContent(bytes, at, end);
  });
}

function tableAt(offset: bigint, count: number, size: number) {
  return { start: Number(offset), end: Number(offset) + count * size };
}

function hasContent(bytes: Bytes, start: number, end: number): boolean {
  for (let at = start; at < end; at += piece) {
    const part = bytes.read(at, Math.min(piece, end - at));
    if (part.some((byte) => byte !== 0)) return true;
  }
  return false;
}

const piece = 1 << 16;

/** Without one of these the file is of no use next to its program. */
function isForDebuggers({ name, type, size }: Section): boolean {
  const isKept = type !== SHT.NOBITS && size > 0n;
  return isKept && /^\.(z?debug_|symtab$|gnu_debug|gdb_index$)/.test(name);
}

/** Which part of debug information the offset lies in. */
function debugPartAt({ header, sections }: Elf, offset: bigint): string | null {
  const holds = (start: bigint, size: bigint) => start <= offset && offset < start + size;
  const tableSize = BigInt(header.sectionHeaderCount * header.sectionHeaderSize);
  if (holds(header.sectionHeaderOffset, tableSize)) return 'the section header table';
  const found = sections.find(
    (section) =>
      !has(section, SHF.ALLOC) &&
      section.type !== SHT.NOBITS &&
      /^\.(z?debug_|symtab$|strtab$|shstrtab$|gdb_index$|gnu_debug)/.test(section.name) &&
      holds(section.offset, section.size),
  );
  return found === undefined ? null : `section ${found.name}`;
}

function has(section: Section, flag: bigint): boolean {
  return (section.flags & flag) !== 0n;
}
