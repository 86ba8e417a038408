import type { Limits } from '../base/limits.ts';
import { isIncomplete } from '../base/problem.ts';
import type { LayerCatalog } from '../layers/catalog.ts';
import type { Layer } from '../sources/source.ts';
import type { EntryStore } from './entry-store.ts';
import { isCatalog, unpacked } from './packed-values.ts';

/** Catalogs of layers that were seen before. */
export interface LayerCache {
  /** null when the layer must be read: not seen, read for other facts, or not there at all. */
  find(layer: Layer, context: CatalogContext): Promise<LayerCatalog | null>;
  /** Keeps a catalog whose layer was read to its end and matches its digest; the others are read again. */
  keep(layer: Layer, context: CatalogContext, catalog: LayerCatalog): Promise<void>;
}

/** What a catalog depends on, apart from the layer and the engine. */
export interface CatalogContext {
  readonly limits: Limits;
  readonly wanted: ReadonlySet<string>;
  /** Key of the folders of debug files; absent: none were given. */
  readonly debugFiles?: string | undefined;
}

/** What the facts of a file depend on, apart from the file and the engine. */
export function keyOfContext({ limits, wanted, debugFiles }: CatalogContext): readonly unknown[] {
  const asked = [[...wanted].sort(), Object.entries(limits)];
  return debugFiles === undefined ? asked : [...asked, debugFiles];
}

export function layerCache(store: Pick<EntryStore, 'read' | 'write'>, engine: string): LayerCache {
  return {
    async find(layer, context) {
      const key = keyOf(layer, context, engine);
      // The reader reports a blob that is missing: a known digest does not replace it.
      if (key === null || !(await layer.isThere())) return null;
      const content = await store.read(key);
      return content && (await unpacked(content, isCatalog));
    },
    async keep(layer, context, catalog) {
      const key = keyOf(layer, context, engine);
      if (key === null || catalog.problems.some(isIncomplete)) return;
      const { serialize } = await import('node:v8');
      await store.write(key, serialize(catalog));
    },
  };
}

/** null: nothing names the layer before it is read. */
function keyOf(
  { digest, diffId, size }: Layer,
  context: CatalogContext,
  engine: string,
): string | null {
  if (digest === null && diffId === null) return null;
  return JSON.stringify([engine, digest, diffId, size, ...keyOfContext(context)]);
}
