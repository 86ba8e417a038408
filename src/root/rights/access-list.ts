/** One entry of a POSIX access list (include/uapi/linux/posix_acl_xattr.h). */
interface ListEntry {
  readonly tag: number;
  readonly permissions: number;
  readonly id: number;
}

const version = 2;
const headerSize = 4;
const entrySize = 8;
/** Linux takes no longer attribute. */
const longest = 65_536;

const USER = 0x02;
const GROUP_OBJ = 0x04;
const GROUP = 0x08;
const MASK = 0x10;

export interface Asker {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/**
 * fs/posix_acl.c, posix_acl_permission, of somebody who does not own the file. The mode's digit for the group is the mask,
 * and that for others is the entry for others: chmod and the list keep each other so. null: Linux takes no such list.
 */
export function allowedByList(
  list: Buffer,
  { mode, gid }: { readonly mode: number; readonly gid: number },
  want: number,
  who: Asker,
): boolean | null {
  const entries = entriesOf(list);
  if (entries === null) return null;
  const mask = entries.some(({ tag }) => tag === MASK) ? (mode >> 3) & 7 : 7;
  const allows = (permissions: number) => (permissions & mask & want) === want;
  const isIn = (group: number) => who.gid === group || who.groups.includes(group);
  const user = entries.find(({ tag, id }) => tag === USER && id === who.uid);
  if (user !== undefined) return allows(user.permissions);
  const groups = entries.filter(
    ({ tag, id }) => (tag === GROUP_OBJ && isIn(gid)) || (tag === GROUP && isIn(id)),
  );
  if (groups.length === 0) return (mode & want) === want;
  return groups.some(({ permissions }) => allows(permissions));
}

function entriesOf(list: Buffer): readonly ListEntry[] | null {
  const size = list.length - headerSize;
  if (size < 0 || size % entrySize !== 0 || list.length > longest) return null;
  if (list.readUInt32LE(0) !== version) return null;
  return Array.from({ length: size / entrySize }, (_, index) => {
    const at = headerSize + index * entrySize;
    return {
      tag: list.readUInt16LE(at),
      permissions: list.readUInt16LE(at + 2),
      id: list.readUInt32LE(at + 4),
    };
  });
}
