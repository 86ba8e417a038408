import { decodeName } from '../../../base/text.ts';
import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';
import type { Root } from '../../../layers/root.ts';
import { access, type Credentials } from '../../rights/permission.ts';
import { openerOf, type ProcessImage } from '../process-image.ts';
import { type LibraryCache, readLibraryCache } from './library-cache.ts';

/** What glibc's loader reads of /etc, through links and as the user: what it may not open is not there for it. */
export interface GlibcTexts {
  /** null: there is one, and its content is not known. */
  cache(image: ProcessImage): LibraryCache | null;
  /** Of /etc/ld.so.preload; null: there is one, and its content is not known. */
  preloads(image: ProcessImage): readonly string[] | null;
}

export function glibcTexts(root: Root, loader: LinkTables): GlibcTexts {
  return {
    cache: perUser(root, '/etc/ld.so.cache', (file) => readLibraryCache(file, loader)),
    preloads: perUser(root, '/etc/ld.so.preload', namesIn),
  };
}

/** A file is parsed once, and each user may open it or not. */
function perUser<T>(
  root: Root,
  path: string,
  parse: (file: Buffer | undefined) => T,
): (image: ProcessImage) => T | null {
  const known = new Map<string, TextState>();
  const parsed = new Map<TextState, T | null>();
  return (image) => {
    const who = openerOf(image);
    const key = who === null ? '' : [who.uid, who.gid, ...who.groups].join();
    const state = known.get(key) ?? stateFor(root, path, who);
    known.set(key, state);
    const before = parsed.get(state);
    if (before !== undefined) return before;
    const text = state === 'opened' ? root.text(path) : undefined;
    const isUnread = state === 'mounted' || (state === 'opened' && text === undefined);
    const value = isUnread ? null : parse(text);
    parsed.set(state, value);
    return value;
  };
}

/** `mounted`: what a runtime mounts on the way decides. */
type TextState = 'opened' | 'absent' | 'mounted';

function stateFor(root: Root, path: string, who: Credentials | null): TextState {
  const found = access(root, path, 'read', who);
  if (found.to === 'mount') return 'mounted';
  return found.to === 'file' && found.entry.type === 'file' ? 'opened' : 'absent';
}

/** elf/rtld.c, dl_main: words between white space and colons; `#` begins a comment. */
function namesIn(file: Buffer | undefined): readonly string[] {
  if (file === undefined) return [];
  return decodeName(file)
    .replace(/#[^\n]*/g, ' ')
    .split(/[: \t\n]+/)
    .filter((word) => word !== '');
}
