import type { LayerCatalog } from '../layers/catalog.ts';
import type { Limits } from '../limits.ts';
import { isIncomplete } from '../problem.ts';
import type { Layer } from '../sources/source.ts';
import type { EntryStore } from './entry-store.ts';

/** Catalogs of layers that were seen before. */
export interface LayerCache {
  /** null when the layer must be read: not seen, read for other facts, or not there at all. */
  find(layer: Layer, context: CatalogContext): Promise<LayerCatalog | null>;
  /** Keeps a catalog whose layer was read to its end and is what its digest says; others are told again by reading. */
  keep(layer: Layer, context: CatalogContext, catalog: LayerCatalog): Promise<void>;
}

/** What a catalog depends on, beside the layer and the engine. */
export interface CatalogContext {
  readonly limits: Limits;
  readonly wanted: ReadonlySet<string>;
}

export function layerCache(store: Pick<EntryStore, 'read' | 'write'>, engine: string): LayerCache {
  return {
    async find(layer, context) {
      const key = keyOf(layer, context, engine);
      // A blob that is not there is told by whoever reads it: a known digest does not stand for it.
      if (key === null || !(await layer.isThere())) return null;
      const content = await store.read(key);
      return content && (await decode(content));
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
  { limits, wanted }: CatalogContext,
  engine: string,
): string | null {
  if (digest === null && diffId === null) return null;
  return JSON.stringify([engine, digest, diffId, size, [...wanted].sort(), Object.entries(limits)]);
}

/** The store has checked the bytes; this is for those of another version of Node. */
async function decode(content: Buffer): Promise<LayerCatalog | null> {
  const { deserialize } = await import('node:v8');
  try {
    const value: unknown = deserialize(content);
    return isCatalog(value) ? value : null;
  } catch {
    return null;
  }
}

/** As far as all readers of a catalog rely on it: what is not of this shape would look like a bug of theirs. */
function isCatalog(value: unknown): value is LayerCatalog {
  const { entries, extractions, texts, insides, problems } = fieldsOf(value);
  return (
    isListOf(entries, isEntry) &&
    isMapOf(extractions, isExtraction) &&
    isMapOf(texts, (text) => text instanceof Uint8Array) &&
    isMapOf(insides, (inside) => isListOf(inside, isContained)) &&
    isListOf(problems, isProblem)
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isMapOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  if (!(value instanceof Map)) return false;
  for (const [key, item] of value) if (typeof key !== 'string' || !isItem(item)) return false;
  return true;
}

function isEntry(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { path, type, linkTarget, size, mode, uid, gid, capability, accessList, elf, shebang } =
    value as Readonly<Record<string, unknown>>; // Checked here: copying a million entries would take as long as reading them.
  return (
    [path, type, linkTarget].every((field) => typeof field === 'string') &&
    [size, mode, uid, gid].every((field) => typeof field === 'number') &&
    [elf, shebang].every((field) => field === null || typeof field === 'string') &&
    (capability === null || capability instanceof Uint8Array) &&
    (accessList === undefined || accessList instanceof Uint8Array)
  );
}

function isProblem(value: unknown): boolean {
  const { kind, where, message } = fieldsOf(value);
  return [kind, where, message].every((field) => typeof field === 'string');
}

function isExtraction(value: unknown): boolean {
  const { sha256, others, size, facts, linking } = fieldsOf(value);
  return (
    typeof sha256 === 'string' &&
    typeof size === 'number' &&
    Object.values(fieldsOf(facts)).every(isFact) &&
    typeof others === 'object' &&
    Object.values(fieldsOf(others)).every((hex) => typeof hex === 'string') &&
    isFact(linking)
  );
}

function isFact(value: unknown): boolean {
  const { known, because } = fieldsOf(value);
  return known === true || (known === false && typeof because === 'string');
}

function isContained(value: unknown): boolean {
  const { name, scheme, kind, catalogs, problems } = fieldsOf(value);
  return (
    [name, scheme, kind].every((field) => typeof field === 'string') &&
    isListOf(catalogs, isCatalog) &&
    isListOf(problems, isProblem)
  );
}
