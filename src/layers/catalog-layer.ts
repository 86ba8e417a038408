import { DamagedInput } from '../errors.ts';
import { problemOf } from '../problem-of.ts';
import type { Layer } from '../sources/source.ts';
import type { LayerCatalog } from './catalog.ts';
import { CatalogBuilder, type CatalogOptions } from './catalog-builder.ts';

/**
 * Walks a layer once. Files are extracted while the walk goes on. Damage and exceeded limits become problems, and what
 * was read until then is kept.
 */
export async function catalogLayer(layer: Layer, options: CatalogOptions): Promise<LayerCatalog> {
  const catalog = new CatalogBuilder(options);
  try {
    for await (const entry of layer.entries((problem) => catalog.report(problem))) {
      await catalog.add(entry);
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    catalog.report(problemOf(error, layer.digest ?? layer.diffId ?? 'layer'));
  }
  return catalog.finish();
}
