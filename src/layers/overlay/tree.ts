import type { Limits } from '../../base/limits.ts';
import type { CatalogEntry } from '../catalog.ts';
import type { DeadEnd, RootEntry } from '../root.ts';

/** A file, directory, symbolic link or device: what a name can stand for. */
export type PlainEntry = CatalogEntry & { readonly type: RootEntry['type'] };

/** What a name of a tree stands for. Hard links are names that share one. */
export interface Inode {
  readonly entry: PlainEntry;
  /** Index of the layer whose catalog holds the entry. */
  readonly layer: number;
  /** As in RootEntry; null until the tree is finished. */
  number: number | null;
}

/** A name in a tree. */
export interface TreeNode {
  readonly inode: Inode;
  /** Index of the layer that the name comes from. */
  readonly layer: number;
  /** null for anything but a directory. */
  readonly directory: Directory | null;
  /** In the root; null until the tree is finished. */
  path: string | null;
}

export interface Directory {
  readonly children: Map<string, TreeNode>;
  /** No archive names it, but a path leads through it; runtimes make such a directory. */
  implied: boolean;
  /** In the tree of one layer: the names below that it hides of lower layers, or all of them. */
  hidden: 'all' | Set<string> | null;
  /** In the tree of one layer: its own entry stands behind one that hides its name. */
  readonly remade: boolean;
}

export interface DirectoryNode extends TreeNode {
  inode: Inode;
  layer: number;
  readonly directory: Directory;
}

export function isDirectory(node: TreeNode | undefined): node is DirectoryNode {
  return node !== undefined && node.directory !== null;
}

export function inodeOf(entry: PlainEntry, layer: number): Inode {
  return { entry, layer, number: null };
}

/** A file and its first name in one: few of the millions that there may be have another. */
export class FileNode implements Inode, TreeNode {
  readonly entry: PlainEntry;
  readonly layer: number;
  readonly directory = null;
  number: number | null = null;
  path: string | null = null;

  constructor(entry: PlainEntry, layer: number) {
    this.entry = entry;
    this.layer = layer;
  }

  get inode(): Inode {
    return this;
  }
}

/** One more name of a file. */
export function linkNode(inode: Inode, layer: number): TreeNode {
  return { inode, layer, directory: null, path: null };
}

export function directoryNode(
  inode: Inode,
  { implied = false, remade = false }: Partial<Pick<Directory, 'implied' | 'remade'>> = {},
): DirectoryNode {
  const directory = { children: new Map(), implied, hidden: null, remade };
  return { inode, layer: inode.layer, directory, path: null };
}

/** As container runtimes make the directories that an archive leaves out. */
export function impliedDirectory(layer: number): DirectoryNode {
  return directoryNode(inodeOf(impliedEntry, layer), { implied: true });
}

/** As container runtimes make a directory that nothing describes: of root, and open to all. */
export const impliedEntry: PlainEntry = {
  path: '/',
  type: 'directory',
  size: 0,
  mode: 0o755,
  uid: 0,
  gid: 0,
  linkTarget: '',
  capability: null,
  elf: null,
  shebang: null,
};

/** Components that may still be looked up. Links that lead through long paths again and again would not end otherwise. */
export interface Steps {
  left: number;
}

/** What to take for a name that is not there; undefined: it stays missing. */
export type WhenMissing = (directory: DirectoryNode, name: string) => TreeNode | undefined;

/** What an image has there, its processes do not see. */
export const mountedDirectories: ReadonlySet<string> = new Set(['proc', 'sys', 'dev']);

/** What `follow` may be given alongside a path. */
export interface Following {
  readonly whenMissing?: WhenMissing;
  /** Called with each directory in which a name is looked up, in order. */
  readonly onSearch?: (directory: DirectoryNode) => void;
  readonly onDeadEnd?: (end: DeadEnd) => void;
  /** Directories of the root that a process sees something else in: what lies below is a dead end. */
  readonly mounts?: ReadonlySet<string>;
}

/**
 * Follows a path and every symbolic link in it, as a process whose root directory is `root` would (path_resolution(7)).
 * undefined: something is missing, not a directory, a loop, or steps run out.
 */
export function follow(
  root: DirectoryNode,
  path: string,
  limits: Limits,
  steps: Steps,
  { whenMissing, onSearch, onDeadEnd, mounts }: Following = {},
): TreeNode | undefined {
  const trail: [DirectoryNode, ...DirectoryNode[]] = [root];
  const pending = path.split('/').reverse();
  let hops = 0;
  const end = (why: DeadEnd) => {
    onDeadEnd?.(why);
    return undefined;
  };
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    steps.left -= 1;
    if (steps.left < 0) return end('missing');
    if (name === '' || name === '.') continue;
    const here = trail.at(-1) ?? root;
    onSearch?.(here);
    if (name === '..') {
      if (trail.length > 1) trail.pop();
      continue;
    }
    if (trail.length === 1 && mounts?.has(name) && pending.length > 0) return end('mount');
    const node = here.directory.children.get(name) ?? whenMissing?.(here, name);
    if (node === undefined) return end('missing');
    if (isDirectory(node)) {
      trail.push(node);
      continue;
    }
    if (node.inode.entry.type !== 'symlink') return pending.length === 0 ? node : end('missing');
    const target = node.inode.entry.linkTarget;
    hops += 1;
    if (hops > limits.maxSymlinkHops) return end('loop');
    if (target === '' || target.length > limits.maxPathLength) return end('missing');
    if (target.startsWith('/')) trail.length = 1;
    pending.push(...target.split('/').reverse());
  }
  return trail.at(-1);
}
