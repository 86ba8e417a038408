import type { Evidence } from '../base/verdict.ts';
import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import go from './go.ts';
import type { Language } from './language/language-marks.ts';
import { findLanguages } from './language/language-search.ts';
import { hasRoomFor } from './language/runtime-room.ts';
import libc from './libc.ts';
import { undefinedNames } from './search/symbol-names.ts';

/**
 * Every language found, sorted by name: a mixed file has all of them. [] if nothing shows one, or the file is packed.
 */
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
