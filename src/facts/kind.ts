import type { Evidence } from '../verdict.ts';

/** What an ELF file is for. Decided before anything else is judged. */
export type BinaryKind =
  | 'executable'
  | 'static-executable'
  | 'static-pie'
  | 'shared-library'
  | 'executable-library'
  | 'loader'
  | 'object'
  | 'kernel-module'
  | 'core'
  | 'debug-only';

export interface Kind {
  readonly kind: BinaryKind;
  readonly evidence: readonly Evidence[];
}
