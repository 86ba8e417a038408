// supporting: imports are kept in little memory: a program has hundreds, an image thousands of programs
import { type NameList, nameList, namesIn } from './name-list.ts';

export interface Import {
  readonly name: string;
  /** The version asked for by DT_VERSYM; null: any. */
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

export function importList(imports: readonly Import[]): ImportList {
  const names: string[] = [];
  for (const { name, version, callsOnly, slotsOnly, isCopy } of imports) {
    names.push(`${callsOnly ? 'c' : slotsOnly ? 's' : '-'}${isCopy ? 'y' : '-'}${name}`);
    names.push(version === null ? '' : `=${version}`);
  }
  return nameList(names);
}

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
