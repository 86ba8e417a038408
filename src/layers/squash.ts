import type { Limits } from '../limits.ts';
import type { Problem } from '../problem.ts';
import type { LayerCatalog } from './catalog.ts';
import { layerTree } from './layer-tree.ts';
import { overlay } from './overlay.ts';
import type { Root } from './root.ts';
import { impliedDirectory } from './tree.ts';
import { treeRoot } from './tree-root.ts';

/** Overlays the catalogs, oldest first, to the root that a container of the image would see. */
export function squash(
  catalogs: readonly LayerCatalog[],
  limits: Limits,
): { readonly root: Root; readonly problems: readonly Problem[] } {
  const tree = impliedDirectory(0);
  const problems: Problem[] = [];
  for (const [index, catalog] of catalogs.entries()) {
    const layer = layerTree(catalog, index, tree, limits);
    for (const problem of layer.problems) problems.push(problem);
    overlay(tree, layer.root);
  }
  return { root: treeRoot(tree, catalogs, limits), problems };
}
