import { type Fact, known, notKnown } from '../../base/fact.ts';
import { directoryOf } from '../../base/path-parts.ts';
import type { Root, RootEntry } from '../../layers/root.ts';

/** Whether somebody other than root can put another file in a file's place, or write to it. */
export type Writer =
  /** `no-root`: there is no root filesystem around the file. */
  | { readonly who: 'nobody' }
  | { readonly who: 'no-root' }
  | { readonly who: 'everybody'; readonly through: string }
  /** `id`: gid or uid. `through`: the file itself, or a directory on the way to it. */
  | { readonly who: 'group' | 'user'; readonly id: number; readonly through: string };

const sticky = 0o1000;

/**
 * By the modes and owners of the file and of every directory above it: who may write to a directory can rename what
 * lies in it away, unless the directory is sticky and both belong to somebody else. Access lists are not looked at.
 */
export function findWriter(root: Root, entry: RootEntry): Fact<Writer> {
  const top = root.entry('/');
  if (top !== undefined && top.uid !== 0) {
    return notKnown(
      `the root directory belongs to user ${top.uid}: owners are those of the user who unpacked it`,
    );
  }
  const own = writerOf(entry, 0o222);
  if (own !== null) return known(own);
  let child: RootEntry = entry;
  for (let path = directoryOf(entry.path); ; path = directoryOf(path)) {
    const directory = root.entry(path);
    if (directory === undefined) return known({ who: 'nobody' });
    // In a sticky directory only the owner of a name, or of the directory, may rename or remove it.
    const isSticky = (directory.mode & sticky) !== 0;
    const mask = isSticky ? 0o200 : 0o222;
    const writer = writerOf(directory, mask) ?? (isSticky ? ownerOf(child, directory) : null);
    if (writer !== null) return known(writer);
    if (path === '/') return known({ who: 'nobody' });
    child = directory;
  }
}

function writerOf({ mode, uid, gid, path }: RootEntry, mask: number): Writer | null {
  if ((mode & mask & 0o002) !== 0) return { who: 'everybody', through: path };
  if ((mode & mask & 0o020) !== 0 && gid !== 0) return { who: 'group', id: gid, through: path };
  // An owner can give himself the right to write.
  return uid === 0 ? null : { who: 'user', id: uid, through: path };
}

function ownerOf({ uid }: RootEntry, { path }: RootEntry): Writer | null {
  return uid === 0 ? null : { who: 'user', id: uid, through: path };
}
