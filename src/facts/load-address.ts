import { ET } from '../elf/constants.ts';
import type { Evidence } from '../verdict.ts';
import { factExtractor } from './fact-extractor.ts';

/** Who decides where the file lies in memory: the linker, once and for every process, or the loader, at each start. */
export interface LoadAddress {
  readonly chosenBy: 'linker' | 'loader';
  readonly evidence: readonly Evidence[];
}

/** The kernel goes by e_type alone; DF_1_PIE tells programs from libraries and moves nothing. */
export default factExtractor('tables', (elf): LoadAddress => {
  const fixed = elf.header.type === ET.EXEC;
  return {
    chosenBy: fixed ? 'linker' : 'loader',
    evidence: [{ what: 'e_type', saw: fixed ? 'ET_EXEC' : 'ET_DYN', offset: 0x10n }],
  };
});
