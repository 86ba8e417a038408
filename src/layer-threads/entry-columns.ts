import { withAccessList } from '../archive/entry.ts';
import type { CatalogEntry } from '../layers/catalog.ts';

/**
 * Entries by columns: to send an object for each takes several times as long. Numbers are in plain arrays, since those out
 * of a Float64Array take memory each.
 */
export interface EntryColumns {
  readonly paths: readonly string[];
  /** By their place in `typesByCode`: a name that is sent is another string for each entry. */
  readonly types: Uint8Array;
  readonly sizes: readonly number[];
  readonly modes: readonly number[];
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  readonly linkTargets: readonly string[];
  /** What few entries have, by number. */
  readonly capabilities: ReadonlyMap<number, Uint8Array>;
  readonly accessLists: ReadonlyMap<number, Uint8Array>;
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
  const accessLists = new Map<number, Uint8Array>();
  const shebangs = new Map<number, string>();
  for (const [at, { capability, accessList, shebang }] of entries.entries()) {
    // A copy: of a view, all of the memory below it would be sent.
    if (capability !== null) capabilities.set(at, Uint8Array.from(capability));
    if (accessList !== undefined) accessLists.set(at, Uint8Array.from(accessList));
    if (shebang !== null) shebangs.set(at, shebang);
  }
  return {
    paths: entries.map(({ path }) => path),
    types: Uint8Array.from(entries, ({ type }) => codes.get(type) ?? typesByCode.length),
    sizes: entries.map(({ size }) => size),
    modes: entries.map(({ mode }) => mode),
    uids: entries.map(({ uid }) => uid),
    gids: entries.map(({ gid }) => gid),
    linkTargets: entries.map(({ linkTarget }) => linkTarget),
    capabilities,
    accessLists,
    shebangs,
  };
}

export function fromColumns(columns: EntryColumns): readonly CatalogEntry[] {
  const { types, sizes, modes, uids, gids, linkTargets, capabilities, accessLists, shebangs } =
    columns;
  return columns.paths.map((path, at) => {
    const capability = capabilities.get(at);
    const accessList = accessLists.get(at);
    const entry = {
      path,
      type: typesByCode[types[at] ?? typesByCode.length] ?? 'unsupported',
      size: sizes[at] ?? 0,
      mode: modes[at] ?? 0,
      uid: uids[at] ?? 0,
      gid: gids[at] ?? 0,
      linkTarget: linkTargets[at] ?? '',
      capability: capability === undefined ? null : Buffer.from(capability),
      elf: null,
      shebang: shebangs.get(at) ?? null,
    };
    return withAccessList(entry, accessList && Buffer.from(accessList));
  });
}
