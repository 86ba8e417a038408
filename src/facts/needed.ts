import { DT } from '../elf/constants.ts';
import { factExtractor } from './fact-extractor.ts';

/** DT_NEEDED, in the order in which a loader searches them. */
export default factExtractor('headers', (elf): readonly string[] => elf.dynamicStrings(DT.NEEDED));
