import type { Audit } from '../audit.ts';

/** One format of `hullcheck audit`. One file of this folder is one format; `index.ts` is generated. */
export interface AuditFormat {
  /** As in `-o NAME`. */
  readonly format: string;
  /** The audit in pieces. Pure. */
  render(audit: Audit, look: AuditLook): Iterable<string>;
}

export interface AuditLook {
  readonly color: boolean;
  readonly width: number;
  /** Lists whole. */
  readonly all: boolean;
}
