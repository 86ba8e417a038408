import { SHF, SHT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { demandSections } from './file/lost-sections.ts';

/** What `strip` would have removed, and where the rest is. Only section headers show it. */
export interface DebugInformation {
  /** `.symtab`: names of functions and variables that no loader needs. */
  readonly symbols: boolean;
  /** Names of `.debug_*` sections that hold something. */
  readonly sections: readonly string[];
  /** Bytes of those sections in the file. */
  readonly size: bigint;
  /** `.gnu_debuglink`: the name of the file that the debug information was moved to. */
  readonly link: string | null;
  /** `.gnu_debugdata`: compressed names of functions, as Fedora leaves them for backtraces. */
  readonly mini: boolean;
}

export default factExtractor('tables', (elf): DebugInformation => {
  // Elsewhere sections are extra evidence and their loss can be borne; here they are all there is.
  demandSections(elf);
  const filled = elf.sections.filter(({ type, size }) => type !== SHT.NOBITS && size > 0n);
  // Go marks nothing of its debug information; other toolchains' .debug_* sections are never loaded.
  const debug = filled.filter(
    ({ name, flags }) => /^\.z?debug_/.test(name) && (flags & SHF.ALLOC) === 0n,
  );
  return {
    symbols: filled.some(({ type }) => type === SHT.SYMTAB),
    sections: debug.map(({ name }) => name),
    size: debug.reduce((sum, { size }) => sum + size, 0n),
    link: debugLink(elf),
    mini: filled.some(({ name }) => name === '.gnu_debugdata'),
  };
});

/** A file name with its NUL, padded, then a CRC of that file. */
function debugLink(elf: Elf): string | null {
  const section = elf.sections.find(({ name }) => name === '.gnu_debuglink');
  if (section === undefined) return null;
  return elf.sectionBytes(section).toString('utf8').split('\0')[0] || null;
}
