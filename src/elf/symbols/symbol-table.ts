import { decodeName } from '../../base/text.ts';
import { isLittleEndian, type Layout, readWord, viewOf, wordSize } from '../reading/layout.ts';
import type { ElfSymbol, SymbolVersion } from '../records.ts';
import type { StringTable } from './string-table.ts';

/**
 * A symbol table in columns. Libraries have a hundred thousand symbols, most of which are used for one number or letter
 * only: an object and a string for each would cost more than everything else that is done with them. Entry 0 exists and
 * is not a symbol.
 */
export interface SymbolTable {
  /** Entries, the first included. 0 where there is no table. */
  readonly length: number;
  /** Holds all names; that of a symbol is [start, end) of it. */
  readonly nameBytes: Uint8Array;
  readonly nameStarts: Uint32Array;
  readonly nameEnds: Uint32Array;
  /**
   * How each name begins, and a number that excludes most names (`lookOf`), so that the names need not be read again.
   */
  readonly beginnings: Uint16Array;
  readonly looks: Uint16Array;
  /** st_info: STB_* in the upper half, STT_* in the lower one. */
  readonly information: Uint8Array;
  /** SHN_*: 0 is undefined. */
  readonly sections: Uint16Array;
  /** STV_*. */
  readonly visibilities: Uint8Array;
  /** 1 where the value is not 0. */
  readonly valued: Uint8Array;
  name(index: number): string;
  value(index: number): bigint;
  /** As in ElfSymbol. */
  version(index: number): SymbolVersion | null;
  /** One as an object, and all of them but the first: for those who look at few, or at few tables. */
  at(index: number): ElfSymbol;
  all(): readonly ElfSymbol[];
}

/** STB_* of a symbol. */
export function bindingOf({ information }: SymbolTable, index: number): number {
  return (information[index] ?? 0) >> 4;
}

/** STT_* of a symbol. */
export function typeOf({ information }: SymbolTable, index: number): number {
  return (information[index] ?? 0) & 15;
}

/** The first two bytes of the name at `start`. */
export function beginningAt(bytes: Uint8Array, start: number): number {
  return ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
}

/** By length, middle and end, of the name at [start, end): hardly any name of a file looks like a sought one. */
export function lookOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  const middle = bytes[start + (length >> 1)] ?? 0;
  return (length ^ (middle << 2) ^ ((bytes[end - 1] ?? 0) << 9)) & 0xffff;
}

export type VersionOf = (index: number) => SymbolVersion | null;

/** Where an entry of each class has what. The name comes first, `other` behind `information`, the size behind the value. */
export const symbolFields = {
  32: { size: 16, value: 4, information: 12, sectionIndex: 14 },
  64: { size: 24, value: 8, information: 4, sectionIndex: 6 },
} as const;

/** Bytes of all columns for one symbol. */
const columnsSize = 17;

/** Rarely used parts of a symbol stay in the table: its value, size and version. */
export class SymbolColumns implements SymbolTable {
  readonly length: number;
  readonly nameStarts: Uint32Array;
  readonly nameEnds: Uint32Array;
  readonly beginnings: Uint16Array;
  readonly looks: Uint16Array;
  readonly sections: Uint16Array;
  readonly information: Uint8Array;
  readonly visibilities: Uint8Array;
  readonly valued: Uint8Array;
  readonly #view: DataView;
  readonly #layout: Layout;
  readonly #names: StringTable;
  readonly #versionOf: VersionOf;
  #nameBytes: Buffer;
  #all: readonly ElfSymbol[] | null = null;

  constructor(table: Buffer, layout: Layout, names: StringTable, versionOf: VersionOf) {
    const length = table.length / symbolFields[layout.bits].size;
    const columns = new ArrayBuffer(length * columnsSize);
    this.length = length;
    this.nameStarts = new Uint32Array(columns, 0, length);
    this.nameEnds = new Uint32Array(columns, length * 4, length);
    this.sections = new Uint16Array(columns, length * 8, length);
    this.beginnings = new Uint16Array(columns, length * 10, length);
    this.looks = new Uint16Array(columns, length * 12, length);
    this.information = new Uint8Array(columns, length * 14, length);
    this.visibilities = new Uint8Array(columns, length * 15, length);
    this.valued = new Uint8Array(columns, length * 16, length);
    this.#view = viewOf(table);
    this.#layout = layout;
    this.#names = names;
    this.#nameBytes = names.bytes;
    this.#versionOf = versionOf;
  }

  /** Everything but the names. */
  decode(): void {
    const { length, nameStarts, information, sections, visibilities, valued } = this;
    const view = this.#view;
    const { bits } = this.#layout;
    const little = isLittleEndian(this.#layout);
    const fields = symbolFields[bits];
    for (let index = 1, at = fields.size; index < length; index += 1, at += fields.size) {
      nameStarts[index] = view.getUint32(at, little);
      information[index] = view.getUint8(at + fields.information);
      visibilities[index] = view.getUint8(at + fields.information + 1) & 3;
      sections[index] = view.getUint16(at + fields.sectionIndex, little);
      const value = at + fields.value;
      // In either byte order, and without a bigint.
      const bitsOfValue = view.getUint32(value) | (bits === 64 ? view.getUint32(value + 4) : 0);
      valued[index] = bitsOfValue === 0 ? 0 : 1;
    }
  }

  /** The names of these symbols do not lie in the string table. */
  keepNames(kept: ReadonlyMap<number, Buffer>): void {
    if (kept.size === 0) return;
    let end = this.#nameBytes.length;
    for (const [index, name] of kept) {
      this.nameStarts[index] = end;
      end += name.length;
      this.nameEnds[index] = end;
      this.beginnings[index] = beginningAt(name, 0);
      this.looks[index] = lookOf(name, 0, name.length);
    }
    this.#nameBytes = Buffer.concat([this.#nameBytes, ...kept.values()]);
  }

  get nameBytes(): Uint8Array {
    return this.#nameBytes;
  }

  name(index: number): string {
    const start = this.nameStarts[index] ?? 0;
    const end = this.nameEnds[index] ?? 0;
    const isKept = start >= this.#names.bytes.length;
    return isKept ? decodeName(this.#nameBytes.subarray(start, end)) : this.#names.text(start, end);
  }

  value(index: number): bigint {
    return readWord(this.#view, this.#valueAt(index), this.#layout);
  }

  size(index: number): bigint {
    const at = this.#valueAt(index) + wordSize(this.#layout);
    return readWord(this.#view, at, this.#layout);
  }

  version(index: number): SymbolVersion | null {
    return this.#versionOf(index);
  }

  at(index: number): ElfSymbol {
    return new TableSymbol(this, index);
  }

  all(): readonly ElfSymbol[] {
    this.#all ??= Array.from({ length: Math.max(0, this.length - 1) }, (_, index) =>
      this.at(index + 1),
    );
    return this.#all;
  }

  #valueAt(index: number): number {
    const { size, value } = symbolFields[this.#layout.bits];
    return index * size + value;
  }
}

/** Damaged versions affect only readers of versions, not of names. */
class TableSymbol implements ElfSymbol {
  readonly index: number;
  readonly name: string;
  readonly sectionIndex: number;
  readonly #information: number;
  readonly #table: SymbolColumns;

  constructor(table: SymbolColumns, index: number) {
    this.index = index;
    this.name = table.name(index);
    this.sectionIndex = table.sections[index] ?? 0;
    this.#information = table.information[index] ?? 0;
    this.#table = table;
  }

  get version(): SymbolVersion | null {
    return this.#table.version(this.index);
  }

  get type(): number {
    return this.#information & 15;
  }

  get binding(): number {
    return this.#information >> 4;
  }

  get visibility(): number {
    return this.#table.visibilities[this.index] ?? 0;
  }

  get hasValue(): boolean {
    return this.#table.valued[this.index] === 1;
  }

  get value(): bigint {
    return this.#table.value(this.index);
  }

  get size(): bigint {
    return this.#table.size(this.index);
  }
}
