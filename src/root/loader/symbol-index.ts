import type { LinkTables } from '../../facts/link-tables.ts';

/**
 * Names as numbers, so that "does anyone in this process define it" is a bit and not a string comparison.
 * Only names that some file of the root imports get a number: what nobody asks for need not be found.
 */
export interface SymbolIndex {
  /** Numbers of the file's imports, in the order of `tables.imports`. */
  imports(sha256: string, tables: LinkTables): Uint32Array;
  /** One bit for each number that the file defines. */
  exports(sha256: string, tables: LinkTables, withIndirect: boolean): Uint32Array;
  /** Words of a bit set. */
  readonly words: number;
}

export function createSymbolIndex(files: Iterable<LinkTables>): SymbolIndex {
  const numbers = new Map<string, number>();
  for (const tables of files) {
    for (const { name } of tables.imports) if (!numbers.has(name)) numbers.set(name, numbers.size);
  }
  const words = (numbers.size + 31) >>> 5;
  const imports = new Map<string, Uint32Array>();
  const exports = new Map<string, Uint32Array>();
  return {
    words,
    imports: (sha256, tables) =>
      remember(imports, sha256, () =>
        Uint32Array.from(tables.imports, ({ name }) => numbers.get(name) ?? 0),
      ),
    exports: (sha256, tables, withIndirect) =>
      remember(exports, `${sha256}${withIndirect}`, () =>
        bitsOf(
          withIndirect ? tables.exports + tables.indirectExports : tables.exports,
          numbers,
          words,
        ),
      ),
  };
}

function remember<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const remembered = memory.get(key);
  if (remembered !== undefined) return remembered;
  const made = make();
  memory.set(key, made);
  return made;
}

function bitsOf(names: string, numbers: ReadonlyMap<string, number>, words: number): Uint32Array {
  const bits = new Uint32Array(words);
  let start = 0;
  for (let end = names.indexOf('\0'); end >= 0; end = names.indexOf('\0', start)) {
    const number = numbers.get(names.slice(start, end));
    if (number !== undefined) setBit(bits, number);
    start = end + 1;
  }
  return bits;
}

function setBit(bits: Uint32Array, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
}

export function hasBit(bits: Uint32Array, number: number): boolean {
  return ((bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
}

export function addBits(sum: Uint32Array, bits: Uint32Array): void {
  for (let word = 0; word < sum.length; word += 1) sum[word] = (sum[word] ?? 0) | (bits[word] ?? 0);
}
