import { append, type ElfFile, type SegmentNumbers, sizes } from './elf-file.ts';

const page = 0x1000;
const LOAD = 1;
const DYNAMIC = 2;
const NOTE = 4;

/** Where something is that was put into loaded memory. */
export interface Placed {
  readonly offset: number;
  readonly address: number;
}

/**
 * Puts bytes where processes have them: into the unused rest of the last page of a segment that is not writable, which
 * then grows over it. null where there is no room.
 */
export function addLoaded(elf: ElfFile, content: Buffer): Placed | null {
  for (const segment of elf.segments()) {
    if (segment.get('type') !== LOAD || (segment.get('flags') & 2) !== 0) continue;
    if (segment.get('filesz') === 0 || segment.get('filesz') !== segment.get('memsz')) continue;
    const end = segment.get('offset') + segment.get('filesz');
    const start = Math.ceil(end / 16) * 16;
    const stop = start + content.length;
    if (Math.floor((stop - 1) / page) !== Math.floor((end - 1) / page)) continue;
    if (!isUnused(elf, start, stop)) continue;
    content.copy(elf.bytes, start);
    const grown = stop - segment.get('offset');
    segment.set('filesz', grown);
    segment.set('memsz', grown);
    return { offset: start, address: segment.get('address') + start - segment.get('offset') };
  }
  return null;
}

function isUnused(elf: ElfFile, start: number, stop: number): boolean {
  if (stop > elf.bytes.length || elf.bytes.subarray(start, stop).some((byte) => byte !== 0))
    return false;
  const extents = [
    ...elf.segments().map((segment) => [segment.get('offset'), segment.get('filesz')] as const),
    ...elf
      .sectionRecords()
      .filter((record) => elf.section(record, 'type') !== 8)
      .map((record) => [elf.section(record, 'offset'), elf.section(record, 'size')] as const),
  ];
  const tables = [
    [elf.header('shoff'), elf.header('shnum') * sizes[elf.bits].section] as const,
    [elf.header('phoff'), elf.header('phnum') * sizes[elf.bits].segment] as const,
  ];
  return [...extents, ...tables].every(([at, size]) => at >= stop || at + size <= start);
}

/** Gives the first PT_NOTE other bytes at the end of the file: what it had, and a note more. null without one. */
export function addNote(
  elf: ElfFile,
  owner: string,
  type: number,
  description: Buffer,
): true | null {
  const segment = find(elf, NOTE);
  if (segment === undefined) return null;
  const start = segment.get('offset');
  const old = elf.bytes.subarray(start, start + segment.get('filesz'));
  const content = Buffer.concat([old, noteOf(elf, owner, type, description)]);
  segment.set('offset', append(elf, content));
  segment.set('filesz', content.length);
  segment.set('memsz', content.length);
  return true;
}

export function noteOf(elf: ElfFile, owner: string, type: number, description: Buffer): Buffer {
  const head = Buffer.alloc(12);
  elf.put(head, 0, 4, owner.length + 1);
  elf.put(head, 4, 4, description.length);
  elf.put(head, 8, 4, type);
  const padded = (part: Buffer) => Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);
  return Buffer.concat([head, padded(Buffer.from(`${owner}\0`, 'latin1')), padded(description)]);
}

/** Turns the last PT_NOTE into another segment. null without one. */
export function takeNoteHeader(elf: ElfFile): SegmentNumbers | null {
  return elf.segments().findLast((segment) => segment.get('type') === NOTE) ?? null;
}

/** The entries of the dynamic section: file offsets of their tags. */
function dynamicEntries(elf: ElfFile): readonly number[] {
  const segment = find(elf, DYNAMIC);
  if (segment === undefined || segment.get('offset') + segment.get('filesz') > elf.bytes.length)
    return [];
  const step = elf.bits / 4;
  return Array.from(
    { length: Math.floor(segment.get('filesz') / step) },
    (_, index) => segment.get('offset') + index * step,
  );
}

/** Adds an entry in the room that linkers leave behind DT_NULL. null where they left none. */
export function addDynamicEntry(elf: ElfFile, tag: number, value: number): true | null {
  const word = elf.bits === 64 ? 8 : 4;
  const entries = dynamicEntries(elf);
  const end = entries.findIndex((at) => elf.take(elf.bytes, at, word) === 0);
  const at = entries[end];
  if (at === undefined || entries[end + 1] === undefined) return null;
  elf.put(elf.bytes, at, word, tag);
  elf.put(elf.bytes, at + word, word, value);
  return true;
}

/** Changes the value of an entry. null without it. */
export function changeDynamicEntry(
  elf: ElfFile,
  tag: number,
  change: (value: number) => number,
): true | null {
  const word = elf.bits === 64 ? 8 : 4;
  const at = dynamicEntries(elf).find((entry) => elf.take(elf.bytes, entry, word) === tag);
  if (at === undefined) return null;
  elf.put(elf.bytes, at + word, word, change(elf.take(elf.bytes, at + word, word)));
  return true;
}

export function dynamicValue(elf: ElfFile, tag: number): number | null {
  const word = elf.bits === 64 ? 8 : 4;
  const at = dynamicEntries(elf).find((entry) => elf.take(elf.bytes, entry, word) === tag);
  return at === undefined ? null : elf.take(elf.bytes, at + word, word);
}

function find(elf: ElfFile, type: number): SegmentNumbers | undefined {
  return elf.segments().find((segment) => segment.get('type') === type);
}
