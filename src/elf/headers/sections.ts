import { MalformedElf } from '../../base/errors.ts';
import { SHT } from '../constants.ts';
import type { Bytes } from '../reading/bytes.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { demandContent } from '../reading/demand-content.ts';
import { isLittleEndian, viewOf } from '../reading/layout.ts';
import { narrow } from '../reading/narrow.ts';
import type { FileHeader, Section } from '../records.ts';
import { stringTable } from '../symbols/string-table.ts';

const entrySize = { 32: 40, 64: 64 } as const;
/** What a Section weighs once decoded, without its name. */
const decodedSize = 256;

export function readSections(bytes: Bytes, header: FileHeader, budget: Budget): readonly Section[] {
  const { sectionHeaderCount: count, sectionHeaderSize: size } = header;
  if (header.sectionHeaderOffset === 0n || count === 0) return [];
  const expected = entrySize[header.bits];
  if (size !== expected) {
    throw new MalformedElf(`section header size is ${size}, expected ${expected}`);
  }
  const offset = narrow(header.sectionHeaderOffset, 'the section header offset');
  const table = bytes.read(offset, count * size);
  // Header 0 alone may be all zeros.
  if (count > 1) demandContent(table, 'the section header table');
  const view = viewOf(table);
  budget.spend(count * decodedSize);
  const decode = header.bits === 64 ? section64 : section32;
  const little = isLittleEndian(header);
  const nameIndex = header.sectionNameIndex;
  if (nameIndex >= count) {
    throw new MalformedElf('e_shstrndx names a section that is not there');
  }
  const nameOf = sectionNames(bytes, decode(view, nameIndex, little, nameless), budget);
  return Array.from({ length: count }, (_, index) => decode(view, index, little, nameOf));
}

type NameOf = (offset: number) => string;

const nameless: NameOf = () => '';

export function readSectionBytes(
  bytes: Bytes,
  section: Pick<Section, 'index' | 'type' | 'offset' | 'size'>,
): Buffer {
  if (section.type === SHT.NOBITS || section.size === 0n) return Buffer.of();
  return bytes.read(
    narrow(section.offset, `the offset of section ${section.index}`),
    narrow(section.size, `the size of section ${section.index}`),
  );
}

/** Sections have no names when e_shstrndx is 0, or names a section without bytes (a zeroed table). */
function sectionNames(bytes: Bytes, table: Section, budget: Budget): NameOf {
  if (table.type === SHT.NULL || table.size === 0n) return nameless;
  const names = stringTable(readSectionBytes(bytes, table), budget, 'the section name table');
  return (offset) => names.at(offset);
}

function section64(view: DataView, index: number, little: boolean, nameOf: NameOf): Section {
  const at = index * entrySize[64];
  return {
    index,
    name: nameOf(view.getUint32(at, little)),
    type: view.getUint32(at + 4, little),
    flags: view.getBigUint64(at + 8, little),
    address: view.getBigUint64(at + 16, little),
    offset: view.getBigUint64(at + 24, little),
    size: view.getBigUint64(at + 32, little),
    link: view.getUint32(at + 40, little),
    info: view.getUint32(at + 44, little),
    alignment: view.getBigUint64(at + 48, little),
    entrySize: view.getBigUint64(at + 56, little),
  };
}

function section32(view: DataView, index: number, little: boolean, nameOf: NameOf): Section {
  const at = index * entrySize[32];
  return {
    index,
    name: nameOf(view.getUint32(at, little)),
    type: view.getUint32(at + 4, little),
    flags: BigInt(view.getUint32(at + 8, little)),
    address: BigInt(view.getUint32(at + 12, little)),
    offset: BigInt(view.getUint32(at + 16, little)),
    size: BigInt(view.getUint32(at + 20, little)),
    link: view.getUint32(at + 24, little),
    info: view.getUint32(at + 28, little),
    alignment: BigInt(view.getUint32(at + 32, little)),
    entrySize: BigInt(view.getUint32(at + 36, little)),
  };
}
