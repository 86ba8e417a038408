import type { Budget } from './budget.ts';
import { demandContent } from './demand-content.ts';
import { isLittleEndian, type Layout, readWord, viewOf, wordSize } from './layout.ts';
import type { ElfSymbol } from './model.ts';
import type { StringTable } from './string-table.ts';

export const symbolSize = { 32: 16, 64: 24 } as const;
/** What an ElfSymbol weighs once decoded, beside its name. */
const decodedSize = 144;

export type VersionOf = (index: number) => ElfSymbol['version'];

/** The symbols of a whole number of entries in `table`, without index 0. */
export function readSymbols(
  table: Buffer,
  layout: Layout,
  names: StringTable,
  versionOf: VersionOf,
  budget: Budget,
): readonly ElfSymbol[] {
  const size = symbolSize[layout.bits];
  const count = table.length / size;
  budget.count('symbols', count);
  budget.spend(count * decodedSize);
  demandContent(table.subarray(size), 'the symbol table');
  const source: Source = { view: viewOf(table), layout, versionOf };
  const little = isLittleEndian(layout);
  const { information, sectionIndex } = fields[layout.bits];
  const symbols: ElfSymbol[] = [];
  for (let index = 1; index < count; index++) {
    const at = index * size;
    symbols.push(
      new TableSymbol(
        source,
        index,
        names.at(source.view.getUint32(at, little)),
        source.view.getUint8(at + information),
        source.view.getUint16(at + sectionIndex, little),
      ),
    );
  }
  return symbols;
}

/** For tables without versions. */
export const unversioned: VersionOf = () => null;

interface Source {
  readonly view: DataView;
  readonly layout: Layout;
  readonly versionOf: VersionOf;
}

/** Where an entry of each class has what. The name comes first, `other` behind `information`, the size behind the value. */
const fields = {
  32: { value: 4, information: 12, sectionIndex: 14 },
  64: { value: 8, information: 4, sectionIndex: 6 },
} as const;

/**
 * Libraries have a hundred thousand, all of which are looked at, but hardly any for its value, size or version: these are
 * decoded when somebody asks, so that damage of the versions costs those who ask, and no names.
 */
class TableSymbol implements ElfSymbol {
  readonly index: number;
  readonly name: string;
  readonly sectionIndex: number;
  readonly #information: number;
  readonly #source: Source;

  constructor(
    source: Source,
    index: number,
    name: string,
    information: number,
    sectionIndex: number,
  ) {
    this.index = index;
    this.name = name;
    this.sectionIndex = sectionIndex;
    this.#information = information;
    this.#source = source;
  }

  get version(): ElfSymbol['version'] {
    return this.#source.versionOf(this.index);
  }

  get type(): number {
    return this.#information & 15;
  }

  get binding(): number {
    return this.#information >> 4;
  }

  get visibility(): number {
    const { view, layout } = this.#source;
    const { bits } = layout;
    return view.getUint8(this.index * symbolSize[bits] + fields[bits].information + 1) & 3;
  }

  get hasValue(): boolean {
    const { view, layout } = this.#source;
    const at = this.index * symbolSize[layout.bits] + fields[layout.bits].value;
    return view.getUint32(at) !== 0 || (layout.bits === 64 && view.getUint32(at + 4) !== 0);
  }

  get value(): bigint {
    return this.#word(0);
  }

  get size(): bigint {
    return this.#word(1);
  }

  #word(number: 0 | 1): bigint {
    const { view, layout } = this.#source;
    const start = this.index * symbolSize[layout.bits] + fields[layout.bits].value;
    return readWord(view, start + number * wordSize(layout), layout);
  }
}
