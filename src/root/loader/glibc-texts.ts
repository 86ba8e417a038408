import type { LinkTables } from '../../facts/link-tables.ts';
import type { Root } from '../../layers/root.ts';
import { decodeName } from '../../text.ts';
import type { GlibcSetting } from './glibc-search.ts';
import { readLibraryCache } from './library-cache.ts';

/** What glibc's loader reads of /etc, through links. */
export function glibcTexts(
  root: Root,
  loader: LinkTables,
): Pick<GlibcSetting, 'cache' | 'preloads'> {
  const cache = read(root, '/etc/ld.so.cache');
  const preloads = read(root, '/etc/ld.so.preload');
  return {
    cache: cache === 'unread' ? null : readLibraryCache(cache, loader),
    preloads: preloads === 'unread' ? null : namesIn(preloads),
  };
}

function read(root: Root, path: string): Buffer | 'unread' | undefined {
  const entry = root.resolve(path);
  if (entry?.type !== 'file') return undefined;
  return root.text(entry.path) ?? 'unread';
}

/** elf/rtld.c, dl_main: words between white space and colons; `#` begins a comment. */
function namesIn(file: Buffer | undefined): readonly string[] {
  if (file === undefined) return [];
  return decodeName(file)
    .replace(/#[^\n]*/g, ' ')
    .split(/[: \t\n]+/)
    .filter((word) => word !== '');
}
