import type { CatalogEntry } from '../layers/catalog.ts';

/** Entries by columns: to send an object for each takes several times as long. */
export interface EntryColumns {
  readonly paths: readonly string[];
  /** By their place in `typesByCode`: a name that is sent is another string for each entry. */
  readonly types: Uint8Array;
  readonly sizes: Float64Array;
  readonly modes: Uint16Array;
  /** Of each entry, its user and its group. */
  readonly owners: Float64Array;
  readonly linkTargets: readonly string[];
  /** What few entries have, by number. */
  readonly capabilities: ReadonlyMap<number, Uint8Array>;
  readonly shebangs: ReadonlyMap<number, string>;
}

const typesByCode = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'character-device',
  'block-device',
  'fifo',
  'socket',
  'unsupported',
  'whiteout',
  'opaque',
] as const satisfies readonly CatalogEntry['type'][];
const codes = new Map<CatalogEntry['type'], number>(typesByCode.map((type, at) => [type, at]));

/** All but the digests of ELF files. */
export function toColumns(entries: readonly CatalogEntry[]): EntryColumns {
  const capabilities = new Map<number, Uint8Array>();
  const shebangs = new Map<number, string>();
  for (const [at, { capability, shebang }] of entries.entries()) {
    // A copy: of a view, all of the memory below it would be sent.
    if (capability !== null) capabilities.set(at, Uint8Array.from(capability));
    if (shebang !== null) shebangs.set(at, shebang);
  }
  return {
    paths: entries.map(({ path }) => path),
    types: Uint8Array.from(entries, ({ type }) => codes.get(type) ?? typesByCode.length),
    sizes: Float64Array.from(entries, ({ size }) => size),
    modes: Uint16Array.from(entries, ({ mode }) => mode),
    owners: Float64Array.from(entries.flatMap(({ uid, gid }) => [uid, gid])),
    linkTargets: entries.map(({ linkTarget }) => linkTarget),
    capabilities,
    shebangs,
  };
}

export function fromColumns(columns: EntryColumns): readonly CatalogEntry[] {
  const { types, sizes, modes, owners, linkTargets, capabilities, shebangs } = columns;
  return columns.paths.map((path, at) => {
    const capability = capabilities.get(at);
    return {
      path,
      type: typesByCode[types[at] ?? typesByCode.length] ?? 'unsupported',
      size: sizes[at] ?? 0,
      mode: modes[at] ?? 0,
      uid: owners[2 * at] ?? 0,
      gid: owners[2 * at + 1] ?? 0,
      linkTarget: linkTargets[at] ?? '',
      capability: capability === undefined ? null : Buffer.from(capability),
      elf: null,
      shebang: shebangs.get(at) ?? null,
    };
  });
}
