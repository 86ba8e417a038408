import type { Evidence } from '../../../../src/base/verdict.ts';
import { PT } from '../../../../src/elf/constants.ts';
import { factExtractor } from '../../../../src/facts/fact-extractor.ts';

/** What it is, and who reads it. Plain data: it goes to other threads, and into reports as it is. */
export interface SkeletonName {
  readonly segments: number;
  readonly evidence: readonly Evidence[];
}

/** Where the file shows it, with the place in the specification. Damage is thrown as MalformedElf. */
export default factExtractor('headers', (elf): SkeletonName => {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  return {
    segments: loads.length,
    evidence: [{ what: 'PT_LOAD segments', saw: String(loads.length) }],
  };
});
