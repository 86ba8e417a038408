import { DT } from '../elf/constants.ts';
import { factExtractor } from './fact-extractor.ts';

/** The name under which others need this library (DT_SONAME); null when it has none. */
export default factExtractor(
  'headers',
  (elf): string | null => elf.dynamicStrings(DT.SONAME).at(-1) ?? null,
);
