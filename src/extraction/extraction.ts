import type { Fact } from '../fact.ts';
import type { FileFacts } from '../facts/index.ts';
import type { LinkTables } from '../facts/link-tables.ts';

/** Everything that one ELF file says about itself, wherever it lies. Plain data. */
export interface Extraction {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Of the same bytes, in lower-case hex: what databases of packages know files by. null where there is no database. */
  readonly others: OtherDigests | null;
  /** Bytes. */
  readonly size: number;
  readonly facts: FileFacts;
  /** What the loader model needs of the file: by `linkTables(elf)`, with damage as for every fact. */
  readonly linking: Fact<LinkTables>;
}

/** Nothing rests on them but that a file is what a package manager wrote: sha256 names contents. */
export interface OtherDigests {
  readonly md5: string;
  readonly sha1: string;
}
