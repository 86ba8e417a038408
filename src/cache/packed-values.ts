import type { Extraction } from '../extraction/extraction.ts';
import type { LayerCatalog } from '../layers/catalog.ts';

/**
 * What was kept in the form of node:v8. The store has checked the bytes; null where they are not of the expected shape, as those
 * of another version of Node may be.
 */
export async function unpacked<T>(
  content: Buffer,
  isExpected: (value: unknown) => value is T,
): Promise<T | null> {
  const { deserialize } = await import('node:v8');
  try {
    const value: unknown = deserialize(content);
    return isExpected(value) ? value : null;
  } catch {
    return null;
  }
}

/** As far as all readers of a catalog rely on it: what is not of this shape would look like a bug of theirs. */
export function isCatalog(value: unknown): value is LayerCatalog {
  const { entries, extractions, texts, insides, problems } = fieldsOf(value);
  return (
    isListOf(entries, isEntry) &&
    isMapOf(extractions, isExtraction) &&
    isMapOf(texts, (text) => text instanceof Uint8Array) &&
    isMapOf(insides, (inside) => isListOf(inside, isContained)) &&
    isListOf(problems, isProblem)
  );
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
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

export function isExtraction(value: unknown): value is Extraction {
  const { sha256, others, size, facts, linking, syslinuxData, debugFile } = fieldsOf(value);
  return (
    typeof sha256 === 'string' &&
    typeof size === 'number' &&
    Object.values(fieldsOf(facts)).every(isFact) &&
    typeof others === 'object' &&
    Object.values(fieldsOf(others)).every((hex) => typeof hex === 'string') &&
    isFact(linking) &&
    (syslinuxData === undefined || isListOf(syslinuxData, (name) => typeof name === 'string')) &&
    (debugFile === undefined || isDebugFile(debugFile))
  );
}

function isDebugFile(value: unknown): boolean {
  const { state, name, facts, because } = fieldsOf(value);
  if (typeof name !== 'string') return false;
  return state === 'used'
    ? Object.values(fieldsOf(facts)).every(isFact)
    : state === 'refused' && typeof because === 'string';
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
