import type { Evidence } from '../base/verdict.ts';
import { DF, DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { evidence, hex, lastDynamicEntry } from './file/header-offsets.ts';
import { allLoaderWrites, loaderWrites } from './link-tables/loader-writes.ts';

/** Whether the loader has to write into code. */
export interface TextRelocations {
  /** DT_TEXTREL: musl acts on this spelling only. */
  readonly tag: boolean;
  /** DT_TEXTREL and DF_TEXTREL, where present. Set without any relocation below, they are stale. */
  readonly announced: readonly Evidence[];
  /** Relocations in segments that are not writable. */
  readonly count: number;
  /** The first of them. */
  readonly first: Evidence | null;
}

export default factExtractor('tables', (elf): TextRelocations => {
  const tag = lastDynamicEntry(elf, DT.TEXTREL);
  const flags = lastDynamicEntry(elf, DT.FLAGS);
  const flagged = flags !== null && (flags.value & BigInt(DF.TEXTREL)) !== 0n;
  // Without the mark no loader makes code writable: what is written outside the file is not written into its code.
  const isAnnounced = tag !== null || flagged;
  const { count, first } = (isAnnounced ? loaderWrites : allLoaderWrites)(elf).inReadOnly;
  return {
    tag: tag !== null,
    announced: [
      ...(tag === null ? [] : [evidence('dynamic tag', 'DT_TEXTREL', tag.offset)]),
      ...(flagged ? [evidence('DT_FLAGS', `${hex(flags.value)} (DF_TEXTREL)`, flags.offset)] : []),
    ],
    count,
    first: first === null ? null : relocationAt(elf, first),
  };
});

function relocationAt(elf: Elf, address: bigint): Evidence {
  const offset = elf.fileOffset(address, 1);
  const saw = `at address ${hex(address)}`;
  return evidence(
    'first relocation in a read-only segment',
    saw,
    offset === null ? null : BigInt(offset),
  );
}
