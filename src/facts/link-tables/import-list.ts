import { encodeName } from '../../base/text.ts';
import type { SymbolTable } from '../../elf/symbols/symbol-table.ts';
import { type NameList, NameListWriter, namesIn } from './name-list.ts';

export interface Import {
  readonly name: string;
  /** The version required by DT_VERSYM; null: any. */
  readonly version: string | null;
  /** Only function calls use it (JUMP_SLOT), so a lazy loader looks for it at the first call. */
  readonly callsOnly: boolean;
  /** Only slots of the procedure linkage table and the global offset table hold it: musl fills those later in a library that is opened lazily. */
  readonly slotsOnly: boolean;
  /** Defined here as a copy of another file's data (COPY): the definition in this file does not count. */
  readonly isCopy: boolean;
}

/** Two names for each: its use and its own, then `=` and its version, or nothing. */
export type ImportList = NameList;

export class ImportListWriter {
  readonly #writer = new NameListWriter();

  /** The name is that of a symbol. */
  add(
    { nameBytes, nameStarts, nameEnds }: Pick<SymbolTable, 'nameBytes' | 'nameStarts' | 'nameEnds'>,
    index: number,
    { version, callsOnly, slotsOnly, isCopy }: Omit<Import, 'name'>,
  ): void {
    const writer = this.#writer;
    writer.writeByte(callsOnly ? letter.c : slotsOnly ? letter.s : letter.none);
    writer.writeByte(isCopy ? letter.y : letter.none);
    writer.write(nameBytes, nameStarts[index] ?? 0, nameEnds[index] ?? 0);
    writer.writeByte(0);
    if (version !== null) {
      const bytes = encodeName(version);
      writer.writeByte(letter.equals);
      writer.write(bytes, 0, bytes.length);
    }
    writer.writeByte(0);
  }

  list(): ImportList {
    return this.#writer.list();
  }
}

const letter = { c: 0x63, s: 0x73, y: 0x79, none: 0x2d, equals: 0x3d } as const;

export function* importsIn(list: ImportList): Iterable<Import> {
  let use: string | null = null;
  for (const text of namesIn(list)) {
    if (use === null) {
      use = text;
      continue;
    }
    yield {
      name: use.slice(2),
      version: text === '' ? null : text.slice(1),
      callsOnly: use[0] === 'c',
      slotsOnly: use[0] !== '-',
      isCopy: use[1] === 'y',
    };
    use = null;
  }
}
