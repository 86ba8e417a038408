import { type DirectoryNode, isDirectory } from './tree.ts';

/**
 * Puts a layer's tree upon the tree of all layers below, as the kernel's overlay file system shows them: directories
 * merge, everything else replaces what is below, and what a layer hides is hidden of the layers below alone.
 * `lower` becomes the result and takes nodes of `upper` over.
 */
export function overlay(lower: DirectoryNode, upper: DirectoryNode): void {
  const pending = [{ lower, upper }];
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    for (const next of merge(pair)) pending.push(next);
  }
}

interface Pair {
  readonly lower: DirectoryNode;
  readonly upper: DirectoryNode;
}

/** Gives the pairs of directories that are to be merged next. */
function merge({ lower, upper }: Pair): Pair[] {
  if (!upper.directory.implied) {
    lower.inode = upper.inode;
    lower.layer = upper.layer;
    lower.directory.implied = false;
  }
  hideLower(lower, upper);
  const pairs: Pair[] = [];
  for (const [name, node] of upper.directory.children) {
    const below = lower.directory.children.get(name);
    if (isDirectory(node) && isDirectory(below)) pairs.push({ lower: below, upper: node });
    else lower.directory.children.set(name, node);
  }
  return pairs;
}

function hideLower(lower: DirectoryNode, upper: DirectoryNode): void {
  const { hidden } = upper.directory;
  if (hidden === 'all') lower.directory.children.clear();
  else for (const name of hidden ?? []) lower.directory.children.delete(name);
}
