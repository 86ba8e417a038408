import type { Problem } from '../base/problem.ts';
import type { LayerCatalog } from '../layers/catalog.ts';
import { imageAsWellProblem } from '../sources/input/image-as-well.ts';
import { ImageDocuments } from '../sources/input/image-documents.ts';
import type { Target } from '../sources/source.ts';

/** A compressed tar that was read as something else, and that runtimes load as an image. null: it is not one. */
export function imageInEntries(
  { name, mayBeImage }: Pick<Target, 'name' | 'mayBeImage'>,
  catalogs: readonly LayerCatalog[],
): Problem | null {
  if (mayBeImage !== true) return null;
  const documents = new ImageDocuments();
  let manifests = 0;
  for (const { entries } of catalogs)
    for (const { path } of entries) {
      if (path === manifest) manifests += 1;
      documents.add(path.slice(1));
    }
  // It is kept where it is an object. Of several with its name runtimes take the first or the last.
  const isObject = manifests === 1 && catalogs.some(({ texts }) => texts.has(manifest));
  const document = documents.first(!isObject);
  return document === null ? null : imageAsWellProblem(name, document);
}

const manifest = '/manifest.json';
