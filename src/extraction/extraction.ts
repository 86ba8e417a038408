import type { Fact } from '../base/fact.ts';
import { type OtherAlgorithm, otherAlgorithms } from '../base/package-managers.ts';
import type { FileFacts } from '../facts/index.ts';
import type { LinkTables } from '../facts/link-tables/link-tables.ts';
import type { DebugFile } from './debug/debug-file.ts';

/** Of the bytes of one file. */
export interface Digests {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly others: OtherDigests;
}

/** Everything that one ELF file says about itself, wherever it lies. Plain data. */
export interface Extraction extends Digests {
  /** Bytes. */
  readonly size: number;
  readonly facts: FileFacts;
  /** What the loader model needs of the file: by `linkTables(elf)`, with damage as for every fact. */
  readonly linking: Fact<LinkTables>;
  /** Data of Syslinux's core that it offers to others, where `linking` was not wanted. Absent: none. */
  readonly syslinuxData?: readonly string[];
  /** Absent: no folder of debug files has one for it, or none was given. */
  readonly debugFile?: DebugFile;
}

/**
 * The digests that package databases use, in lower-case hex; absent: not requested. They only show that a file is what
 * a package manager installed: sha256 identifies contents.
 */
export type OtherDigests = Readonly<Partial<Record<OtherAlgorithm, string>>>;

/** The same with what `others` knows of the same bytes. */
export function withDigests(extraction: Extraction, others: OtherDigests): Extraction {
  const known: OtherDigests = extraction.others;
  const isNew = otherAlgorithms.some(
    (name) => others[name] !== undefined && known[name] === undefined,
  );
  return isNew ? { ...extraction, others: { ...known, ...others } } : extraction;
}
