import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/witness.ts';
import type { Evidence } from '../verdict.ts';
import { factExtractor } from './fact-extractor.ts';
import go from './go.ts';
import { findLanguages } from './language-search.ts';
import libc from './libc.ts';
import { hasRoomFor } from './runtime-room.ts';
import { undefinedNames } from './symbol-names.ts';

export type LanguageName =
  | 'ada'
  | 'c'
  | 'c++'
  | 'crystal'
  | 'd'
  | 'dart'
  | 'dotnet-aot'
  | 'dotnet-host'
  | 'fortran'
  | 'free-pascal'
  | 'gccgo'
  | 'go'
  | 'graalvm'
  | 'haskell'
  | 'nim'
  | 'objective-c'
  | 'ocaml'
  | 'rust'
  | 'swift'
  | 'zig';

/** One language or runtime whose code is in the file. */
export interface Language {
  readonly name: LanguageName;
  /** Of the compiler or runtime, where the file tells: `go1.22.3`, `1.78.0`. */
  readonly version: string | null;
  /**
   * `flags`: its code comes from gcc or clang, and their hardening options apply. `runtime`: it has checks of its own.
   * `unproven`: it would have, but there is only a mark that anybody can write. `nothing`: and that mark is not in memory, or
   * the code has no room for such a runtime, so that all of it is judged as C.
   */
  readonly hardenedBy: 'flags' | 'runtime' | 'unproven' | 'nothing';
  readonly evidence: readonly Evidence[];
}

/** Every language found, sorted by name: a mixed file keeps all. [] when nothing tells, or the file is packed. */
export default factExtractor('tables', (elf): readonly Language[] => {
  const found = [...goIn(elf), ...findLanguages(elf)];
  const c = found.some(({ hardenedBy }) => hardenedBy === 'flags') ? null : evidenceOfC(elf, found);
  if (c !== null) found.push({ name: 'c', version: null, hardenedBy: 'flags', evidence: [c] });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
});

function goIn(elf: Elf): Language[] {
  const program = go(elf);
  if (program === null) return [];
  const { version, evidence, table } = program;
  const hardenedBy = table ? 'runtime' : hasRoomFor(elf, 'go') ? 'unproven' : 'nothing';
  return [{ name: 'go', version, hardenedBy, evidence }];
}

/** C leaves no mark of its own: it is what uses a libc without being anything else, or calls what only C compilers call. */
function evidenceOfC(elf: Elf, others: readonly Language[]): Evidence | null {
  const checked = [...undefinedNames(elf)].find((name) =>
    /^__stack_chk_fail$|^__\w+_chk$/.test(name),
  );
  if (checked !== undefined) return { what: 'undefined symbol', saw: checked };
  if (go(elf)?.cgo) return { what: 'C code in a Go program', saw: 'cgo' };
  if (others.length > 0) return null;
  const { name, evidence } = libc(elf);
  if (name !== 'none' && name !== 'unknown') return evidence[0] ?? null;
  const comments = optional(() => elf.comments) ?? [];
  const compiler = comments.find((text) => /^GCC: |clang version /.test(text));
  if (compiler !== undefined) return { what: '.comment', saw: compiler };
  if (elf.dynamicValue(DT.NEEDED) === null) return null;
  const needed = optional(() => elf.dynamicStrings(DT.NEEDED)) ?? [];
  return { what: 'DT_NEEDED', saw: needed[0] ?? 'not readable' };
}
