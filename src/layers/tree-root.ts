import type { Extraction } from '../extraction.ts';
import type { Limits } from '../limits.ts';
import { compareNames } from '../text.ts';
import type { LayerCatalog } from './catalog.ts';
import type { Container, Root, RootEntry } from './root.ts';
import { type DirectoryNode, follow, type Inode, isDirectory, type TreeNode } from './tree.ts';

/** The root that a finished tree stands for. The tree must not change any more. */
export function treeRoot(
  tree: DirectoryNode,
  catalogs: readonly LayerCatalog[],
  limits: Limits,
): Root {
  const { entries, containers } = describeAll(tree, catalogs);
  const resolve = (path: string) => follow(tree, path, limits, { left: limits.maxPathLength });
  const described = (node: TreeNode | undefined) => node?.described ?? undefined;
  return {
    entry: (path) => described(nodeAt(tree, path)),
    resolve: (path) => described(resolve(path)),
    list(path) {
      const node = nodeAt(tree, path);
      return isDirectory(node) ? [...node.directory.children.keys()].sort(compareNames) : [];
    },
    entries: () => entries,
    text(path) {
      const inode = resolve(path)?.inode;
      return inode && catalogs[inode.layer]?.texts.get(inode.entry.path);
    },
    containers,
    extractions: allExtractions(catalogs),
  };
}

function allExtractions(catalogs: readonly LayerCatalog[]): ReadonlyMap<string, Extraction> {
  const all = new Map<string, Extraction>();
  for (const { extractions } of catalogs) {
    for (const [sha256, extraction] of extractions) all.set(sha256, extraction);
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

/** Describes every node, and gives the descriptions in the order of the paths. */
function describeAll(tree: DirectoryNode, catalogs: readonly LayerCatalog[]) {
  const entries: RootEntry[] = [];
  const containers: Container[] = [];
  let inodes = 0;
  const describe = (node: TreeNode, path: string) => {
    node.inode.number ??= inodes++;
    node.described = describedAs(node.inode, node.inode.number, node.layer, path);
    entries.push(node.described);
    const { entry, layer } = node.inode;
    const inside = entry.type === 'file' ? catalogs[layer]?.insides.get(entry.path) : undefined;
    if (inside !== undefined) containers.push({ entry: node.described, inside });
  };
  describe(tree, '/');
  const pending: Pending[] = [];
  addContents(pending, tree, '/');
  for (let next = pending.pop(); next; next = pending.pop()) {
    const path = next.prefix + next.key;
    if (!next.isContents) describe(next.node, path);
    else if (isDirectory(next.node)) addContents(pending, next.node, path);
  }
  return { entries, containers };
}

/** Written out: spreading is several times slower, and this is done for every file of an image. */
function describedAs({ entry }: Inode, inode: number, layer: number, path: string): RootEntry {
  const { type, size, mode, uid, gid, linkTarget, capability, elf, shebang } = entry;
  return { path, type, size, mode, uid, gid, linkTarget, capability, elf, shebang, layer, inode };
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
