import { isIncomplete } from '../base/problem.ts';
import type { LayerCatalog } from '../layers/catalog.ts';
import type { Layer } from '../sources/source.ts';

/**
 * Catalogs that this run has made, for other images that hold the same layers. A catalog has nothing of the image around its
 * layer: what a whiteout hides and where a library is found is seen where layers are overlaid. Facts of files are
 * remembered as long as a catalog of theirs is kept.
 */
export interface SeenCatalogs {
  /** null when the layer must be read: not seen, or its bytes are not those that its digest names. */
  find(layer: Layer): Promise<LayerCatalog | null>;
  keep(layer: Layer, catalog: LayerCatalog): void;
  /** The next target is read. */
  next(): void;
  clear(): void;
}

/** Keeps what was in one of the last `window` targets. */
export function createSeenCatalogs(window: number): SeenCatalogs {
  const seen = new Map<string | symbol, Seen>();
  let target = 0;
  return {
    async find(layer) {
      const known = seen.get(keyOf(layer) ?? '');
      if (known === undefined || !known.isWhole || !(await layer.isAsPromised?.())) return null;
      known.target = target;
      return known.catalog;
    },
    keep(layer, catalog) {
      const isWhole = !catalog.problems.some(isIncomplete);
      seen.set(keyOf(layer) ?? Symbol('a layer without a name'), { catalog, isWhole, target });
    },
    next() {
      target += 1;
      for (const [key, each] of seen) if (each.target < target - window) seen.delete(key);
    },
    clear: () => seen.clear(),
  };
}

interface Seen {
  readonly catalog: LayerCatalog;
  /** Read to its end, and what its digest says. */
  readonly isWhole: boolean;
  /** Number of the last one that had it. */
  target: number;
}

/** What two images name the same is the same, once its bytes are shown to be what they are named. null: nothing names the layer. */
function keyOf({ digest, diffId, size }: Layer): string | null {
  return digest === null && diffId === null ? null : JSON.stringify([digest, diffId, size]);
}
