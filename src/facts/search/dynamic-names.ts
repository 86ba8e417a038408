import { encodeName } from '../../base/text.ts';
import { SHN } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { lookOf } from '../../elf/symbols/symbol-table.ts';

/** Names that are looked for in the table of dynamic symbols. */
export interface DynamicNames {
  has(name: string): boolean;
  /** Those that the table holds, defined or not, in its order. */
  allIn(elf: Elf): readonly string[];
  /** Those that the file offers to others at run time. */
  definedIn(elf: Elf): readonly string[];
}

/** The names that all facts look up. */
const registered = new Set<string>();
let looks: Uint8Array | null = null;

/** Called when a module is loaded: all names are known before the first file, so that one pass over it finds them all. */
export function dynamicNames(names: readonly string[]): DynamicNames {
  if (looks !== null) throw new TypeError('names are registered before the first file is read');
  const own = new Set(names);
  for (const name of names) registered.add(name);
  const among = (found: ReadonlySet<string>) => [...found].filter((name) => own.has(name));
  return {
    has: (name) => own.has(name),
    allIn: (elf) => among(sightingsIn(elf).all),
    definedIn: (elf) => among(sightingsIn(elf).defined),
  };
}

interface Sightings {
  readonly all: ReadonlySet<string>;
  readonly defined: ReadonlySet<string>;
}

const sightingsIn = perFile((elf): Sightings => {
  looks ??= looksOf(registered);
  const table = elf.dynamicSymbolTable;
  const { length, looks: looksInTable, sections } = table;
  const all = new Set<string>();
  const defined = new Set<string>();
  for (let index = 1; index < length; index += 1) {
    if (looks[looksInTable[index] ?? 0] === 0) continue;
    const name = table.name(index);
    if (!registered.has(name)) continue;
    all.add(name);
    if (sections[index] !== SHN.UNDEF) defined.add(name);
  }
  return { all, defined };
});

/** 1 for each look that one of the names has. */
function looksOf(names: ReadonlySet<string>): Uint8Array {
  const found = new Uint8Array(0x10000);
  for (const name of names) {
    const bytes = encodeName(name);
    found[lookOf(bytes, 0, bytes.length)] = 1;
  }
  return found;
}
