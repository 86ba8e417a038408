// supporting: whether a name is one of a few, asked for each of a hundred thousand
import type { SymbolTable } from '../elf/symbol-table.ts';
import { encodeName } from '../text.ts';

/** Names that are looked for among those of a file. */
export interface KnownNames {
  has(name: string): boolean;
  /** Indexes of the symbols that have one of the names. */
  among(table: SymbolTable): readonly number[];
}

/**
 * A set has to hash every name that it is asked for. Hardly any name of a file has the length of a known one and its
 * last letter too, which is told without, and of a symbol table without making a string.
 */
export function knownNames(names: Iterable<string>): KnownNames {
  const known = new Set(names);
  const looks = new Uint8Array(0x10000);
  const looksInBytes = new Uint8Array(0x10000);
  for (const name of known) {
    looks[lookOf(name)] = 1;
    const bytes = encodeName(name);
    looksInBytes[look(bytes.length, bytes.at(-1) ?? 0)] = 1;
  }
  const has = (name: string) => looks[lookOf(name)] === 1 && known.has(name);
  return {
    has,
    among(table) {
      const { length, nameBytes, nameStarts, nameEnds } = table;
      const found: number[] = [];
      for (let index = 1; index < length; index += 1) {
        const end = nameEnds[index] ?? 0;
        const size = end - (nameStarts[index] ?? 0);
        if (size === 0 || looksInBytes[look(size, nameBytes[end - 1] ?? 0)] === 0) continue;
        if (known.has(table.name(index))) found.push(index);
      }
      return found;
    },
  };
}

function lookOf(name: string): number {
  return look(name.length, name.charCodeAt(name.length - 1));
}

function look(length: number, last: number): number {
  return ((length & 0xff) << 8) | (last & 0xff);
}
