import type { Position } from '../config-node.ts';

/** What `config --check` says of a place. An error ends every command that reads the file; a warning is likely not meant so. */
export interface Remark {
  readonly at: Position;
  readonly level: 'error' | 'warning';
  /** Names the kind, for filters: `expired`. */
  readonly id: string;
  /** A sentence without its full stop. */
  readonly message: string;
}

export function warning(at: Position, id: string, message: string): Remark {
  return { at, level: 'warning', id, message };
}
