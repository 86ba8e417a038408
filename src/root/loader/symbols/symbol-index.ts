import { type Import, importsIn } from '../../../facts/link-tables/import-list.ts';
import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';
import { type NameList, namesIn } from '../../../facts/link-tables/name-list.ts';
import type { ModelledLibc } from '../process-image.ts';

/**
 * Names as numbers, so that "does anyone in this process define it" is a bit and not a string comparison.
 * Only names that some file of the root imports get a number: other names need not be found. Each file is
 * looked at once, however many programs load it.
 */
export interface SymbolIndex {
  /**
   * Numbers of the file's imports, in the order of `tables.imports`, with or without the versions that they require.
   */
  imports(sha256: string, tables: LinkTables, withVersions: boolean): Uint32Array;
  /** One bit for each number that the file defines, as a libc's loader finds it: musl passes over indirect and hidden ones. */
  exports(sha256: string, tables: LinkTables, libc: ModelledLibc): Uint32Array;
  /** Words of a bit set. */
  readonly words: number;
}

interface Numbers {
  /** `name` and `name@version`. */
  readonly byName: ReadonlyMap<string, number>;
  /** By `name`: the numbers of all its versions. */
  readonly versionsOf: ReadonlyMap<string, readonly number[]>;
  readonly words: number;
}

export function createSymbolIndex(files: Iterable<LinkTables>): SymbolIndex {
  const numbers = numberNames(importsOf(files));
  const imports = new Map<string, Uint32Array>();
  return {
    words: numbers.words,
    imports: (sha256, tables, withVersions) =>
      remember(imports, `${sha256}${withVersions}`, () =>
        Uint32Array.from([...importsIn(tables.imports)], ({ name, version }) => {
          const asked = withVersions && version !== null ? `${name}@${version}` : name;
          return numbers.byName.get(asked) ?? 0;
        }),
      ),
    exports: exportsBy(numbers),
  };
}

/** The same for other names than those that relocations use. */
export interface NameIndex extends Pick<SymbolIndex, 'exports'> {
  /** Of `name` or `name@version`; undefined: it is not among the names of the index. */
  numberOf(name: string): number | undefined;
}

export function createNameIndex(names: Iterable<ImportedName>): NameIndex {
  const numbers = numberNames(names);
  return { exports: exportsBy(numbers), numberOf: (name) => numbers.byName.get(name) };
}

function exportsBy(numbers: Numbers): SymbolIndex['exports'] {
  const exports = new Map<string, Uint32Array>();
  return (sha256, tables, libc) =>
    remember(exports, `${sha256}${libc}`, () => {
      const { exports: plain, indirectExports, hiddenExports, oldExports } = tables;
      const lists = libc === 'musl' ? [plain, hiddenExports] : [plain, indirectExports, oldExports];
      return definedBits(lists, numbers);
    });
}

type ImportedName = Pick<Import, 'name' | 'version'>;

function* importsOf(files: Iterable<LinkTables>): Iterable<ImportedName> {
  for (const { imports } of files) yield* importsIn(imports);
}

function numberNames(names: Iterable<ImportedName>): Numbers {
  const byName = new Map<string, number>();
  const versionsOf = new Map<string, number[]>();
  for (const { name, version } of names) {
    if (!byName.has(name)) byName.set(name, byName.size);
    if (version === null || byName.has(`${name}@${version}`)) continue;
    const versions = versionsOf.get(name);
    if (versions === undefined) versionsOf.set(name, [byName.size]);
    else versions.push(byName.size);
    byName.set(`${name}@${version}`, byName.size);
  }
  return { byName, versionsOf, words: (byName.size + 31) >>> 5 };
}

function remember<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const remembered = memory.get(key);
  if (remembered !== undefined) return remembered;
  const made = make();
  memory.set(key, made);
  return made;
}

/**
 * A definition with a version serves imports of that version or of none; one without a version serves all
 * (elf/dl-lookup.c, check_match).
 */
function definedBits(
  lists: readonly NameList[],
  { byName, versionsOf, words }: Numbers,
): Uint32Array {
  const bits = new Uint32Array(words);
  const define = (full: string) => {
    const name = unversioned(full);
    const number = byName.get(name);
    if (number === undefined) return;
    setBit(bits, number);
    const versions = name === full ? versionsOf.get(name) : [byName.get(full)];
    for (const version of versions ?? []) if (version !== undefined) setBit(bits, version);
  };
  for (const list of lists) for (const full of namesIn(list)) define(full);
  return bits;
}

function unversioned(full: string): string {
  const at = full.indexOf('@');
  return at < 0 ? full : full.slice(0, at);
}

/** The same few names are looked up whenever a program loads the file. */
const answers = new WeakMap<LinkTables, Map<string, boolean>>();

/** Whether a file defines a name, under any version that is the name's default. */
export function definesName(tables: LinkTables, name: string): boolean {
  const known = answers.get(tables) ?? new Map<string, boolean>();
  answers.set(tables, known);
  const answer =
    known.get(name) ?? [...namesIn(tables.exports)].some((full) => unversioned(full) === name);
  known.set(name, answer);
  return answer;
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
