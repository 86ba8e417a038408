import { ET } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import type { Contradiction } from './contradictions/contradiction.ts';
import { identificationContradictions } from './contradictions/identification-contradictions.ts';
import { nameContradictions } from './contradictions/name-contradictions.ts';
import { noteContradictions } from './contradictions/note-contradictions.ts';
import {
  headerContradictions,
  overlayContradictions,
} from './contradictions/overlay-contradictions.ts';
import { sectionContradictions } from './contradictions/section-contradictions.ts';
import { segmentContradictions } from './contradictions/segment-contradictions.ts';
import { viewContradictions } from './contradictions/view-contradictions.ts';
import { factExtractor } from './fact-extractor.ts';

/** Statements of a file about itself that cannot all be true, so that two readers may see two programs. */
export interface WellFormedness {
  readonly contradictions: readonly Contradiction[];
}

/** Object files have no segments, and those of core files follow rules of their own. */
export default factExtractor('tables', (elf: Elf): WellFormedness => {
  const { type } = elf.header;
  if (type !== ET.EXEC && type !== ET.DYN) return { contradictions: [] };
  const oversized = oversizedTable(elf);
  if (oversized !== null) return { contradictions: [oversized] };
  return {
    contradictions: [
      ...identificationContradictions(elf),
      ...segmentContradictions(elf),
      ...overlayContradictions(elf),
      ...headerContradictions(elf),
      ...viewContradictions(elf),
      ...sectionContradictions(elf),
      ...noteContradictions(elf),
      ...nameContradictions(elf),
    ],
  };
});

/** Linux refuses more program headers (fs/binfmt_elf.c, load_elf_phdrs), so no pair of them is worth comparing. */
const maxTableSize = 65_536;

function oversizedTable({ header }: Elf): Contradiction | null {
  const size = header.programHeaderCount * header.programHeaderSize;
  if (size <= maxTableSize) return null;
  return {
    message: 'the program header table is larger than Linux accepts',
    what: 'program headers',
    saw: `${header.programHeaderCount} of ${header.programHeaderSize} bytes`,
    offset: header.programHeaderOffset,
  };
}
