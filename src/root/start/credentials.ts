import type { RootEntry } from '../../layers/root.ts';

/** Who a process is, as far as files ask. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

type Right = 'read' | 'execute';

const bits = { read: 0o4, execute: 0o1 } as const satisfies Record<Right, number>;

/**
 * Whether the mode grants it (inode_permission(9)). Runtimes leave CAP_DAC_OVERRIDE to root alone: it reads and searches
 * everything, and executes what anybody may.
 */
export function mayUse(entry: RootEntry, right: Right, who: Credentials): boolean {
  const bit = bits[right];
  if (who.uid === 0) {
    const isFree = right === 'read' || entry.type === 'directory';
    return isFree || (entry.mode & 0o111) !== 0;
  }
  if (entry.uid === who.uid) return (entry.mode & (bit << 6)) !== 0;
  if (entry.gid === who.gid || who.groups.includes(entry.gid))
    return (entry.mode & (bit << 3)) !== 0;
  return (entry.mode & bit) !== 0;
}
