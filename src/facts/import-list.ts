// supporting: imports are kept in little memory: a program has hundreds, an image thousands of programs
import { type NameList, nameList, namesIn } from './name-list.ts';

export interface Import {
  readonly name: string;
  /** The version asked for by DT_VERSYM; null: any. */
  readonly version: string | null;
  /** Only function calls use it (JUMP_SLOT), so a lazy loader looks for it at the first call. */
  readonly callsOnly: boolean;
  /** Defined here as a copy of another file's data (COPY): the definition in this file does not count. */
  readonly isCopy: boolean;
}

/** Two names for each: its use and its own, then `=` and its version, or nothing. */
export type ImportList = NameList;

export function importList(imports: readonly Import[]): ImportList {
  const names: string[] = [];
  for (const { name, version, callsOnly, isCopy } of imports) {
    names.push(`${callsOnly ? 'c' : '-'}${isCopy ? 'y' : '-'}${name}`);
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
      isCopy: use[1] === 'y',
    };
    use = null;
  }
}
