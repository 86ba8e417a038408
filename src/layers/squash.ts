import type { Limits } from '../limits.ts';
import type { Problem } from '../problem.ts';
import type { LayerCatalog, WalkedLayer } from './catalog.ts';
import { layerTree } from './layer-tree.ts';
import { overlay } from './overlay.ts';
import type { Root } from './root.ts';
import { type DirectoryNode, impliedDirectory } from './tree.ts';
import { treeRoot } from './tree-root.ts';

/** Overlays the catalogs, oldest first, to the root that a container of the image would see. */
export function squash(
  catalogs: readonly LayerCatalog[],
  limits: Limits,
): { readonly root: Root; readonly problems: readonly Problem[] } {
  const { tree, problems } = overlaid(catalogs, limits);
  return { root: treeRoot(tree, catalogs, limits), problems };
}

/** What squashing would tell. */
export function squashProblems(layers: readonly WalkedLayer[], limits: Limits): readonly Problem[] {
  return overlaid(layers, limits).problems;
}

function overlaid(
  layers: readonly WalkedLayer[],
  limits: Limits,
): { readonly tree: DirectoryNode; readonly problems: readonly Problem[] } {
  const tree = impliedDirectory(0);
  const problems: Problem[] = [];
  for (const [index, walked] of layers.entries()) {
    const layer = layerTree(walked, index, tree, limits);
    for (const problem of layer.problems) problems.push(problem);
    overlay(tree, layer.root);
  }
  return { tree, problems };
}
