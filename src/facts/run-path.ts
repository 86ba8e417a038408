import { DT } from '../elf/constants.ts';
import { factExtractor } from './fact-extractor.ts';

/** Where the loader searches the libraries of this file, unsplit. `''` is a path that was set and is empty. */
export interface RunPath {
  readonly rpath: string | null;
  readonly runpath: string | null;
}

export default factExtractor(
  'headers',
  (elf): RunPath => ({
    rpath: elf.dynamicStrings(DT.RPATH).at(-1) ?? null,
    runpath: elf.dynamicStrings(DT.RUNPATH).at(-1) ?? null,
  }),
);
