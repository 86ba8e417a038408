import type { PathWalk, Root, RootEntry } from '../../layers/root.ts';
import { allowedByList } from './access-list.ts';

/** Who a process is to the file system: effective ids, and the supplementary groups. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** Bits of one digit of a file's mode. */
const permissionBits = { read: 4, write: 2, execute: 1 } as const;

export type Permission = keyof typeof permissionBits;

/** `0755`, as people write it. */
export function octalMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/**
 * Whether a process may use what lies at a path, by mode bits and owners (fs/namei.c, acl_permission_check). Only the
 * first class that the process belongs to counts. root has CAP_DAC_OVERRIDE, as container runtimes leave it: it may
 * execute what anybody may execute. An access list counts for others than the owner where the group has any right: runtimes
 * restore it. `who` null: it is not known, and nothing is refused.
 */
export function mayUse(
  {
    mode,
    uid,
    gid,
    type,
    accessList,
  }: Pick<RootEntry, 'mode' | 'uid' | 'gid' | 'type' | 'accessList'>,
  permission: Permission,
  who: Credentials | null,
): boolean {
  const bit = permissionBits[permission];
  if (who === null || who.uid === 0) {
    return permission !== 'execute' || type === 'directory' || (mode & 0o111) !== 0;
  }
  if (who.uid === uid) return (mode & (bit << 6)) !== 0;
  if (accessList !== undefined && (mode & 0o070) !== 0) {
    const allowed = allowedByList(accessList, { mode, gid }, bit, who);
    if (allowed !== null) return allowed;
  }
  if (who.gid === gid || who.groups.includes(gid)) return (mode & (bit << 3)) !== 0;
  return (mode & bit) !== 0;
}

/** The first directory on the way that the process may not pass; null when it may pass all. */
export function closedDirectory(
  { searched }: Pick<PathWalk, 'searched'>,
  who: Credentials | null,
): string | null {
  return searched.find((directory) => !mayUse(directory, 'execute', who))?.path ?? null;
}

/** What a process finds that opens a path. */
export type Access =
  | { readonly to: 'file'; readonly entry: RootEntry }
  /** ENOENT, ENOTDIR. */
  | { readonly to: 'nothing' }
  /** ELOOP. */
  | { readonly to: 'loop' }
  /** EACCES. */
  | { readonly to: 'denied'; readonly because: string }
  /** What the runtime mounts there decides. */
  | { readonly to: 'mount'; readonly because: string };

export function access(
  root: Root,
  path: string,
  permission: Permission,
  who: Credentials | null,
): Access {
  const walk = root.walk(path);
  const closed = closedDirectory(walk, who);
  const user = `user ${who?.uid}`;
  if (closed !== null) return { to: 'denied', because: `${user} may not pass ${closed}` };
  if (walk.deadEnd === 'mount') {
    const because = `what runtimes mount at /proc, /sys or /dev decides what ${path} is`;
    return { to: 'mount', because };
  }
  if (walk.entry === null) return { to: walk.deadEnd === 'loop' ? 'loop' : 'nothing' };
  if (mayUse(walk.entry, permission, who)) return { to: 'file', entry: walk.entry };
  return { to: 'denied', because: `${user} may not ${permission} ${walk.entry.path}` };
}
