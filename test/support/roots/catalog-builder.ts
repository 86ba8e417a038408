import type { Extraction } from '../../../src/extraction/extraction.ts';
import type { CatalogEntry, LayerCatalog } from '../../../src/layers/catalog.ts';

export type Parts = Partial<Omit<CatalogEntry, 'path' | 'type'>>;

export function catalogEntry(
  path: string,
  type: CatalogEntry['type'] = 'file',
  parts: Parts = {},
): CatalogEntry {
  return {
    path,
    type,
    size: 0,
    mode: type === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    linkTarget: '',
    capability: null,
    elf: null,
    shebang: null,
    ...parts,
  };
}

/**
 * A layer in short: `/a` a file, `/a/` a directory, `/a -> b` a symbolic link, `/a = /b` a hard link, `-/a` a whiteout,
 * `!/a` an opaque directory. `texts` are kept files.
 */
export function catalogOf(
  lines: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): LayerCatalog {
  return {
    entries: lines.map(entryFrom),
    extractions: new Map<string, Extraction>(),
    texts: new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)])),
    insides: new Map(),
    problems: [],
  };
}

function entryFrom(line: string): CatalogEntry {
  const symlink = line.split(' -> ');
  if (symlink.length === 2)
    return catalogEntry(symlink[0] ?? '', 'symlink', { linkTarget: symlink[1] ?? '' });
  const hardLink = line.split(' = ');
  if (hardLink.length === 2)
    return catalogEntry(hardLink[0] ?? '', 'hardlink', { linkTarget: hardLink[1] ?? '' });
  if (line.startsWith('-')) return catalogEntry(line.slice(1), 'whiteout');
  if (line.startsWith('!')) return catalogEntry(line.slice(1), 'opaque');
  if (line.length > 1 && line.endsWith('/')) return catalogEntry(line.slice(0, -1), 'directory');
  return catalogEntry(line, line === '/' ? 'directory' : 'file');
}
