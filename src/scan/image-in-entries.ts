import type { Problem } from '../base/problem.ts';
import type { LayerCatalog } from '../layers/catalog.ts';
import { imageAsWellProblem } from '../sources/input/image-as-well.ts';
import { NamesBelow } from '../sources/input/image-below.ts';
import { ImageDocuments } from '../sources/input/image-documents.ts';
import { isRootName } from '../sources/input/kind-by-names.ts';
import type { Target } from '../sources/source.ts';

type Asked = Pick<Target, 'name' | 'kind' | 'mayBeImage'>;

/** A compressed tar or another archive that was read as something else, and is or has an image. null: it is not one. */
export function imageInEntries(target: Asked, catalogs: readonly LayerCatalog[]): Problem | null {
  const { name, kind, mayBeImage } = target;
  if (mayBeImage === undefined) return null;
  const loaded = mayBeImage === 'tar' ? imageInTar(name, catalogs) : null;
  // A package is what it is, and not a folder of archives. A zip of anything is called one.
  if (loaded !== null || (mayBeImage === 'tar' && kind === 'package')) return loaded;
  const below = new NamesBelow();
  for (const { entries } of catalogs)
    for (const { path } of entries) {
      const clean = path.slice(1);
      if (isRootName(clean)) return null;
      below.add(clean);
    }
  return mayBeImage === 'tar' ? below.inTar(name) : below.inArchive(name);
}

function imageInTar(name: string, catalogs: readonly LayerCatalog[]): Problem | null {
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
