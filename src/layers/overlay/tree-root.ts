import { withAccessList } from '../../archive/entry.ts';
import type { Limits } from '../../base/limits.ts';
import { compareNames } from '../../base/text.ts';
import { type Extraction, withDigests } from '../../extraction/extraction.ts';
import type { CatalogEntry, LayerCatalog } from '../catalog.ts';
import type { Container, DeadEnd, PathWalk, Root, RootEntry } from '../root.ts';
import {
  type DirectoryNode,
  follow,
  isDirectory,
  mountedDirectories,
  type TreeNode,
} from './tree.ts';

/** The root that a finished tree stands for. The tree must not change any more. */
export function treeRoot(
  tree: DirectoryNode,
  catalogs: readonly LayerCatalog[],
  limits: Limits,
): Root {
  const found = placeAll(tree, catalogs);
  const resolve = (path: string) => follow(tree, path, limits, { left: limits.maxPathLength });
  return {
    entry: (path) => described(nodeAt(tree, path)),
    resolve: (path) => described(resolve(path)),
    walk: (path) => walk(tree, path, limits),
    list(path) {
      const node = nodeAt(tree, path);
      return isDirectory(node) ? [...node.directory.children.keys()].sort(compareNames) : [];
    },
    *entries() {
      for (const { node } of inOrder(tree)) yield describe(node);
    },
    text(path) {
      const inode = resolve(path)?.inode;
      return inode && catalogs[inode.layer]?.texts.get(inode.entry.path);
    },
    textPaths: () => new Set(catalogs.flatMap(({ texts }) => [...texts.keys()])),
    ...found,
    extractions: allExtractions(catalogs),
  };
}

function walk(tree: DirectoryNode, path: string, limits: Limits): PathWalk {
  const searched = new Set<TreeNode>();
  let deadEnd: DeadEnd | null = null;
  const node = follow(
    tree,
    path,
    limits,
    { left: limits.maxPathLength },
    {
      onSearch: (directory) => searched.add(directory),
      onDeadEnd: (end) => {
        deadEnd = end;
      },
      mounts: mountedDirectories,
    },
  );
  return { entry: described(node) ?? null, deadEnd, searched: [...searched].map(describe) };
}

function allExtractions(catalogs: readonly LayerCatalog[]): ReadonlyMap<string, Extraction> {
  const all = new Map<string, Extraction>();
  for (const { extractions } of catalogs) {
    for (const [sha256, extraction] of extractions)
      all.set(sha256, withDigests(extraction, all.get(sha256)?.others ?? {}));
  }
  return all;
}

function nodeAt(tree: DirectoryNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = tree;
  if (path === '/') return node;
  for (const name of path.slice(1).split('/')) {
    node = isDirectory(node) ? node.directory.children.get(name) : undefined;
  }
  return node;
}

/** Sets the path of every node, and returns those that are looked up repeatedly. */
function placeAll(tree: DirectoryNode, catalogs: readonly LayerCatalog[]) {
  const binaries: RootEntry[] = [];
  const links: RootEntry[] = [];
  const otherPrograms: RootEntry[] = [];
  const containers: Container[] = [];
  let inodes = 0;
  for (const { node, prefix, key } of inOrder(tree)) {
    const { entry, layer } = node.inode;
    node.inode.number ??= inodes++;
    node.path = isPathOf(entry.path, prefix, key) ? entry.path : prefix + key;
    if (entry.elf !== null) binaries.push(describe(node));
    else if (isOtherProgram(entry, key)) otherPrograms.push(describe(node));
    if (entry.type === 'symlink') links.push(describe(node));
    const inside = entry.type === 'file' ? catalogs[layer]?.insides.get(entry.path) : undefined;
    if (inside !== undefined) {
      const digests = inside[0]?.digests ?? null;
      containers.push({ entry: describe(node), inside, digests });
    }
  }
  return { binaries, links, otherPrograms, containers };
}

const anyoneExecutes = 0o111;

function isOtherProgram({ type, mode }: CatalogEntry, name: string): boolean {
  return type === 'file' && ((mode & anyoneExecutes) !== 0 || /\.(?:so(?:\.|$)|a$)/.test(name));
}

/** All nodes, by their paths. */
function* inOrder(tree: DirectoryNode): Iterable<Pending> {
  const pending: Pending[] = [{ node: tree, prefix: '/', key: '', isContents: true }];
  yield { node: tree, prefix: '/', key: '', isContents: false };
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!next.isContents) yield next;
    else if (isDirectory(next.node)) addContents(pending, next.node, next.prefix + next.key);
  }
}

/** Nearly every name leads to the file that it named in its archive, and then one string does for both. */
function isPathOf(path: string, prefix: string, name: string): boolean {
  return (
    path.length === prefix.length + name.length && path.endsWith(name) && path.startsWith(prefix)
  );
}

function described(node: TreeNode | undefined): RootEntry | undefined {
  return node && describe(node);
}

/**
 * When somebody asks, since of most files of an image nobody does. Written out: spreading is several times slower, and
 * a loader asks often.
 */
function describe({ inode: { entry, number: inode }, layer, path }: TreeNode): RootEntry {
  if (path === null || inode === null) throw new Error('the tree is not finished');
  const { type, size, mode, uid, gid, linkTarget, capability, elf, shebang, accessList } = entry;
  return withAccessList(
    { path, type, size, mode, uid, gid, linkTarget, capability, elf, shebang, layer, inode },
    accessList,
  );
}

/**
 * A directory's contents sort apart from the directory itself, by its name and a slash: `/a`, `/a-b`, `/a/b`.
 * Paths are put together late: comparing names alone leaves them ropes that share their beginnings.
 */
interface Pending {
  readonly node: TreeNode;
  readonly prefix: string;
  readonly key: string;
  readonly isContents: boolean;
}

/** The last is the first to be taken. */
function addContents(pending: Pending[], node: DirectoryNode, prefix: string): void {
  const found: Pending[] = [];
  for (const [name, child] of node.directory.children) {
    found.push({ node: child, prefix, key: name, isContents: false });
    if (isDirectory(child)) found.push({ node: child, prefix, key: `${name}/`, isContents: true });
  }
  found.sort((a, b) => compareNames(b.key, a.key));
  for (const one of found) pending.push(one);
}
