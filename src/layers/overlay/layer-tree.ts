import { LimitExceeded } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { problemOf } from '../../base/problem-of.ts';
import { printableName } from '../../base/text.ts';
import type { CatalogEntry, WalkedLayer } from '../catalog.ts';
import {
  type DirectoryNode,
  directoryNode,
  FileNode,
  follow,
  impliedDirectory,
  inodeOf,
  isDirectory,
  linkNode,
  type PlainEntry,
  type Steps,
  type TreeNode,
} from './tree.ts';

export interface LayerTree {
  readonly root: DirectoryNode;
  /** Overlay file systems do not look at this mark at the root, runtimes that copy do. */
  readonly isRootOpaque: boolean;
  readonly problems: readonly Problem[];
}

/**
 * One layer as a tree of its own, as overlay file systems keep it and containerd unpacks it: entry by entry, the last
 * of a name wins, and a link in the place of a parent directory is followed inside the layer. `lower` is what lies
 * below: hard links may name a file of it.
 */
export function layerTree(
  walked: WalkedLayer,
  layer: number,
  lower: DirectoryNode,
  limits: Limits,
): LayerTree {
  const builder = new LayerTreeBuilder(layer, lower, limits);
  try {
    for (const entry of walked.entries) builder.add(entry);
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    builder.problems.push(problemOf(error, `layer ${layer}`));
  }
  return builder;
}

/** Per entry; real images need fewer than ten. */
const stepsPerEntry = 64;

class LayerTreeBuilder implements LayerTree {
  readonly root: DirectoryNode;
  isRootOpaque = false;
  readonly problems: Problem[] = [];
  readonly #layer: number;
  readonly #lower: DirectoryNode;
  readonly #limits: Limits;
  readonly #steps: Steps;
  #impliedLeft: number;

  constructor(layer: number, lower: DirectoryNode, limits: Limits) {
    this.root = impliedDirectory(layer);
    this.#layer = layer;
    this.#lower = lower;
    this.#limits = limits;
    this.#steps = { left: limits.maxEntries * stepsPerEntry };
    this.#impliedLeft = limits.maxEntries;
  }

  add(entry: CatalogEntry): void {
    if (entry.path === '/') this.#addRoot(entry);
    else if (entry.type === 'opaque') this.#hideAll(entry.path);
    else this.#addBelow(entry);
  }

  #addRoot(entry: CatalogEntry): void {
    if (entry.type === 'opaque') this.isRootOpaque = true;
    else if (isPlain(entry) && entry.type === 'directory') this.#describe(this.root, entry);
    else this.#notice('/', `the root itself cannot be a ${entry.type}`);
  }

  #describe(node: DirectoryNode, entry: PlainEntry): void {
    node.inode = inodeOf(entry, this.#layer);
    node.directory.implied = false;
  }

  #hideAll(path: string): void {
    const node = this.#directoryAt(path);
    // By way of a link.
    if (node === this.root) this.isRootOpaque = true;
    else if (node) node.directory.hidden = 'all';
    else this.#misplaced(path);
  }

  #addBelow(entry: CatalogEntry): void {
    const { parent, name } = splitPath(entry.path);
    const directory = this.#directoryAt(parent);
    if (!directory) this.#misplaced(entry.path);
    else if (entry.type === 'whiteout') hide(directory, name);
    else if (isPlain(entry)) this.#put(directory, name, entry);
    else this.#link(directory, name, entry);
  }

  #put(directory: DirectoryNode, name: string, entry: PlainEntry): void {
    const { children, hidden } = directory.directory;
    if (entry.type !== 'directory') {
      children.set(name, new FileNode(entry, this.#layer));
      return;
    }
    const existing = children.get(name);
    if (isDirectory(existing)) this.#describe(existing, entry);
    else {
      const remade =
        existing === undefined && hidden !== null && hidden !== 'all' && hidden.has(name);
      children.set(name, directoryNode(inodeOf(entry, this.#layer), { remade }));
    }
  }

  #link(directory: DirectoryNode, name: string, entry: CatalogEntry): void {
    const target =
      this.#find(this.root, entry.linkTarget) ?? this.#find(this.#lower, entry.linkTarget);
    if (target === undefined || isDirectory(target)) {
      const seen = target ? 'a directory' : 'missing';
      this.#notice(
        entry.path,
        `target "${printableName(entry.linkTarget)}" of a hard link is ${seen}`,
      );
      return;
    }
    directory.directory.children.set(name, linkNode(target.inode, this.#layer));
  }

  /** As link(2) finds its source: links are followed on the way, but not at the end. */
  #find(root: DirectoryNode, path: string): TreeNode | undefined {
    const { parent, name } = splitPath(path);
    const directory = this.#checked(follow(root, parent, this.#limits, this.#steps));
    return isDirectory(directory) ? directory.directory.children.get(name) : undefined;
  }

  #directoryAt(path: string): DirectoryNode | undefined {
    const whenMissing = (directory: DirectoryNode, name: string) => this.#imply(directory, name);
    const node = this.#checked(follow(this.root, path, this.#limits, this.#steps, { whenMissing }));
    return isDirectory(node) ? node : undefined;
  }

  #imply(directory: DirectoryNode, name: string): DirectoryNode {
    this.#impliedLeft -= 1;
    if (this.#impliedLeft < 0) {
      throw new LimitExceeded(
        `paths lead through more than ${this.#limits.maxEntries} directories without an entry`,
      );
    }
    const node = impliedDirectory(this.#layer);
    directory.directory.children.set(name, node);
    return node;
  }

  #checked(node: TreeNode | undefined): TreeNode | undefined {
    if (this.#steps.left >= 0) return node;
    throw new LimitExceeded(
      `paths and links need more than ${stepsPerEntry} steps for each of ${this.#limits.maxEntries} entries`,
    );
  }

  #notice(where: string, what: string): void {
    this.problems.push({ kind: 'notice', where, message: `${what}: left out` });
  }

  /** Runtimes refuse to unpack such a layer. */
  #misplaced(path: string): void {
    const message = 'a directory on the way is a file or a loop of links: left out';
    this.problems.push({ kind: 'damaged', where: path, message });
  }
}

function hide(directory: DirectoryNode, name: string): void {
  const { hidden } = directory.directory;
  if (hidden === null) directory.directory.hidden = new Set([name]);
  else if (hidden !== 'all') hidden.add(name);
}

function splitPath(path: string): { readonly parent: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, slash), name: path.slice(slash + 1) };
}

function isPlain(entry: CatalogEntry): entry is PlainEntry {
  return entry.type !== 'whiteout' && entry.type !== 'opaque' && entry.type !== 'hardlink';
}
