import type { FileFacts } from './facts/index.ts';

/** Everything that one ELF file says about itself, wherever it lies. Plain data. */
export interface Extraction {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly facts: FileFacts;
}
