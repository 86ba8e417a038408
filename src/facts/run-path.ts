import { DT } from '../elf/constants.ts';
import { factExtractor } from './fact-extractor.ts';

/** Where the file tells the loader to search its libraries, unsplit. `''` is a path that was set and is empty. */
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
