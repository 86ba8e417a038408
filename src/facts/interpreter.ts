import { factExtractor } from './fact-extractor.ts';

/** The dynamic loader that the kernel starts in the program's stead (PT_INTERP); null when there is none. */
export default factExtractor('headers', (elf): string | null => elf.interpreter);
