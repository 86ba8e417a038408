import { type EntryStore, entryStore } from './entry-store.ts';
import { type LayerCache, layerCache } from './layer-cache.ts';
import { type PlaceCache, placeCache } from './place-cache.ts';
import { makePrivateFolder } from './private-files.ts';
import { engineName } from './program-fingerprint.ts';
import { type ResultCache, resultCache } from './result-cache.ts';

/** What earlier runs found, of layers, of other places and of whole images. */
export interface Cache {
  readonly layers: LayerCache;
  readonly places: PlaceCache;
  readonly results: ResultCache;
  /** Makes room when the run is over. */
  close(): Promise<void>;
}

/** Layers and results of about a thousand images. */
const maxBytes = 512 * 1024 * 1024;

/** Why the folder cannot be used as a cache; null: it can, and is made where it was not there. */
export function cacheRefusal(folder: string): string | null {
  return makePrivateFolder(folder);
}

export function openCache(folder: string): Cache {
  let hasGrown = false;
  const plain = entryStore(folder);
  const store: EntryStore = {
    ...plain,
    write(key, content) {
      hasGrown = true;
      return plain.write(key, content);
    },
  };
  const engine = engineName();
  return {
    layers: layerCache(store, engine),
    places: placeCache(store, engine),
    results: resultCache(store, engine),
    async close() {
      if (hasGrown) await store.shrink(maxBytes);
    },
  };
}
