import type { Limits } from '../../base/limits.ts';
import { type DirectoryNode, follow, isDirectory, type Steps, type TreeNode } from './tree.ts';

/** A place where container runtimes show different files. The files of all of them are kept, and this is reported. */
export interface Ambiguity {
  /**
   * `revealed`: a layer removes a directory and then makes it again. Overlay file systems show the old files in the new
   * directory, the specification and runtimes that copy do not.
   * `diverted`: a layer writes below what is a symbolic link to a directory. Overlay file systems put a directory in its
   * place, runtimes that copy follow it.
   */
  readonly kind: 'revealed' | 'diverted';
  readonly path: string;
}

/**
 * Puts a layer's tree upon the tree of all layers below, as the kernel's overlay file system shows them: directories
 * merge, everything else replaces what is below, and what a layer hides is hidden of the layers below alone.
 * `lower` becomes the result and takes nodes of `upper` over.
 */
export function overlay(
  lower: DirectoryNode,
  upper: DirectoryNode,
  limits: Limits,
): readonly Ambiguity[] {
  const found: Ambiguity[] = [];
  const steps = { left: limits.maxEntries };
  const root = lower;
  const pending: Pair[] = [{ lower, upper, name: '', above: null }];
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    for (const each of revealed(pair)) found.push(each);
    for (const each of diverted(pair, root, limits, steps)) found.push(each);
    for (const next of merge(pair)) pending.push(next);
  }
  return found;
}

interface Pair {
  readonly lower: DirectoryNode;
  readonly upper: DirectoryNode;
  readonly name: string;
  readonly above: Pair | null;
}

function pathOf(pair: Pair): string {
  const names: string[] = [];
  for (let at: Pair | null = pair; at?.above; at = at.above) names.push(at.name);
  return names
    .reverse()
    .map((name) => `/${name}`)
    .join('');
}

/** Gives the pairs of directories that are to be merged next. */
function merge(pair: Pair): Pair[] {
  const { lower, upper } = pair;
  if (!upper.directory.implied) {
    lower.inode = upper.inode;
    lower.layer = upper.layer;
    lower.directory.implied = false;
  }
  hideLower(lower, upper);
  const pairs: Pair[] = [];
  for (const [name, node] of upper.directory.children) {
    const below = lower.directory.children.get(name);
    if (isDirectory(node) && isDirectory(below))
      pairs.push({ lower: below, upper: node, name, above: pair });
    else lower.directory.children.set(name, node);
  }
  return pairs;
}

function hideLower(lower: DirectoryNode, upper: DirectoryNode): void {
  const { hidden, children } = upper.directory;
  const shown = lower.directory.children;
  if (hidden === 'all') shown.clear();
  else for (const name of hidden ?? []) if (!isRevealed(shown, children, name)) shown.delete(name);
}

function isRevealed(
  lower: ReadonlyMap<string, TreeNode>,
  upper: ReadonlyMap<string, TreeNode>,
  name: string,
): boolean {
  const made = upper.get(name);
  return (
    isDirectory(made) &&
    made.directory.remade &&
    made.directory.hidden !== 'all' &&
    isDirectory(lower.get(name))
  );
}

function revealed(pair: Pair): Ambiguity[] {
  const { hidden, children } = pair.upper.directory;
  const shown = pair.lower.directory.children;
  if (hidden === null || hidden === 'all') return [];
  const names = [...hidden].filter((name) => {
    const below = isRevealed(shown, children, name) ? shown.get(name) : undefined;
    return isDirectory(below) && below.directory.children.size > 0;
  });
  return names.map((name) => ({ kind: 'revealed', path: `${pathOf(pair)}/${name}` }));
}

function diverted(pair: Pair, root: DirectoryNode, limits: Limits, steps: Steps): Ambiguity[] {
  const { hidden, children } = pair.upper.directory;
  if (hidden === 'all') return [];
  const found: Ambiguity[] = [];
  for (const [name, node] of children) {
    const below = pair.lower.directory.children.get(name);
    if (!isDirectory(node) || !node.directory.implied || hidden?.has(name) === true) continue;
    if (below?.inode.entry.type !== 'symlink') continue;
    const path = `${pathOf(pair)}/${name}`;
    if (isDirectory(follow(root, path, limits, steps))) found.push({ kind: 'diverted', path });
  }
  return found;
}
