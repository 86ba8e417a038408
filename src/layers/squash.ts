import type { Limits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import type { LayerCatalog, WalkedLayer } from './catalog.ts';
import { layerTree } from './overlay/layer-tree.ts';
import { type Ambiguity, overlay } from './overlay/overlay.ts';
import { type DirectoryNode, impliedDirectory } from './overlay/tree.ts';
import { treeRoot } from './overlay/tree-root.ts';
import type { Root } from './root.ts';

/** Overlays the catalogs, oldest first, to the root that a container of the image would see. */
export function squash(
  catalogs: readonly LayerCatalog[],
  limits: Limits,
): { readonly root: Root; readonly problems: readonly Problem[] } {
  const { tree, problems } = overlaid(catalogs, limits);
  return { root: treeRoot(tree, catalogs, limits), problems };
}

/** What squashing would report. */
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
    if (layer.isRootOpaque && tree.directory.children.size > 0) problems.push(rootNotice(index));
    for (const ambiguity of overlay(tree, layer.root, limits))
      problems.push(noticeOf(ambiguity, index));
  }
  return { tree, problems };
}

function noticeOf({ kind, path }: Ambiguity, layer: number): Problem {
  const message =
    kind === 'revealed'
      ? `layer ${layer} removes this directory and makes it again: containerd, Docker and podman show the old files in it with overlay file systems, others do not; all of them are judged`
      : `layer ${layer} writes below this symbolic link: containerd, Docker and podman put a directory in its place with overlay file systems, which is judged, and others follow it`;
  return { kind: 'notice', where: path, message };
}

function rootNotice(layer: number): Problem {
  const message = `layer ${layer} hides all files of the layers below: containerd, Docker and podman still show them with overlay file systems, others do not; all of them are judged`;
  return { kind: 'notice', where: '/', message };
}
