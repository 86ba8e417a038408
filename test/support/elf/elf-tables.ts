import { EM, STB, STT } from '../../../src/elf/constants.ts';
import type { Layout } from '../../../src/elf/reading/layout.ts';
import { type NameTable, pack, packWords, padTo } from './elf-encoding.ts';

/** The tables of an ELF file as bytes, each from a plain description. */

export interface SymbolDescription {
  readonly name: string;
  /** Defined symbols are exports of section 1; the others are imports. Default: false. */
  readonly defined?: boolean;
  readonly value?: number | bigint;
  readonly size?: number;
  /** STT_*; default FUNC. */
  readonly type?: number;
  /** STB_*; default GLOBAL. */
  readonly binding?: number;
  /** STV_*; default DEFAULT. */
  readonly visibility?: number;
  /** Version name; an import needs `library` too. */
  readonly version?: string;
  readonly library?: string;
}

export interface NoteDescription {
  readonly owner: string;
  readonly type: number;
  readonly description: Buffer;
  /** 4 by default; 8 as GNU properties of 64-bit files have it. */
  readonly alignment?: 4 | 8;
}

export interface RelocationDescription {
  readonly type: number;
  /** Name of a symbol in `symbols`; none by default. */
  readonly symbol?: string;
  /** Where it writes: an address, or `{ word: n }` for the n-th word of the data area. */
  readonly at: number | bigint | { readonly word: number };
  /** Into DT_JMPREL instead of DT_RELA or DT_REL. */
  readonly plt?: boolean;
}

export function symbolTable(
  layout: Layout,
  symbols: readonly SymbolDescription[],
  names: NameTable,
): Buffer {
  const records = symbols.map((symbol) => {
    const name = names.offsetOf(symbol.name);
    const information = ((symbol.binding ?? STB.GLOBAL) << 4) | (symbol.type ?? STT.FUNC);
    const visibility = symbol.visibility ?? 0;
    const section = symbol.defined === true ? 1 : 0;
    const value = symbol.value ?? 0;
    const size = symbol.size ?? 0;
    return layout.bits === 64
      ? pack(layout, 'IBBHQQ', name, information, visibility, section, value, size)
      : pack(layout, 'IIIBBH', name, value, size, information, visibility, section);
  });
  return Buffer.concat([Buffer.alloc(layout.bits === 64 ? 24 : 16), ...records]);
}

/** DT_HASH for `count` symbols, index 0 included, in one bucket. */
export function sysvHash(layout: Layout, machine: number, count: number): Buffer {
  const wide = layout.bits === 64 && (machine === EM.S390 || machine === EM.ALPHA);
  const words = [
    1,
    count,
    count > 1 ? 1 : 0,
    ...Array.from({ length: count }, (_, index) => nextOf(index, count)),
  ];
  return pack(layout, (wide ? 'Q' : 'I').repeat(words.length), ...words);
}

function nextOf(index: number, count: number): number {
  return index > 0 && index + 1 < count ? index + 1 : 0;
}

/** DT_GNU_HASH of the exports, which begin at index `first`, in one bucket. */
export function gnuHash(layout: Layout, exports: readonly string[], first: number): Buffer {
  const chain = exports.map((name, index) => {
    const isLast = index === exports.length - 1 ? 1 : 0;
    return ((gnuHashOf(name) & ~1) | isLast) >>> 0;
  });
  return Buffer.concat([
    pack(layout, 'IIII', 1, first, 1, 0),
    packWords(layout, [-1]),
    pack(layout, 'I', exports.length > 0 ? first : 0),
    // One by one: a call takes no hundred thousand arguments.
    ...chain.map((hash) => pack(layout, 'I', hash)),
  ]);
}

function gnuHashOf(name: string): number {
  return Buffer.from(name).reduce((hash, byte) => (hash * 33 + byte) >>> 0, 5381);
}

export function relocationTable(
  layout: Layout,
  machine: number,
  addend: boolean,
  relocations: readonly {
    readonly offset: bigint;
    readonly type: number;
    readonly symbol: number;
  }[],
): Buffer {
  return Buffer.concat(
    relocations.map(({ offset, type, symbol }) => {
      const tail = addend ? packWords(layout, [0]) : Buffer.of();
      if (layout.bits === 32) {
        return Buffer.concat([pack(layout, 'II', offset, (symbol << 8) | type), tail]);
      }
      if (machine === EM.MIPS) {
        return Buffer.concat([pack(layout, 'QIBBBB', offset, symbol, 0, 0, 0, type), tail]);
      }
      const information = (BigInt(symbol) << 32n) | BigInt(type);
      return Buffer.concat([pack(layout, 'QQ', offset, information), tail]);
    }),
  );
}

export function noteTable(layout: Layout, notes: readonly NoteDescription[]): Buffer {
  return Buffer.concat(
    notes.map(({ owner, type, description, alignment = 4 }) => {
      const name = Buffer.from(`${owner}\0`);
      const header = pack(layout, 'III', name.length, description.length, type);
      const upToDescription = padTo(Buffer.concat([header, name]), alignment);
      return padTo(Buffer.concat([upToDescription, description]), alignment);
    }),
  );
}
