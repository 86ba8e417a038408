import type { Root, RootEntry } from '../../layers/root.ts';
import { foldersOfServices, isServiceFile } from './service-files.ts';

/** A file at a place of services, which may be there by a link to it, or to a folder above it. */
export interface ServiceEntry {
  readonly path: string;
  readonly entry: RootEntry;
}

/** Systems have some thousand files in such folders. */
const mostEntries = 50_000;
/** `/etc/s6-overlay/s6-rc.d/app/data/check`, where the first of them is a link to such a tree. */
const deepest = 10;

/** null in place of an entry: there are more than are looked at. */
export function* serviceEntries(root: Root): Generator<ServiceEntry | null> {
  const pending = foldersOfServices.map((path) => ({ path, depth: 0 })).toReversed();
  let count = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, depth } = next;
    const folder = root.resolve(path);
    if (folder?.type !== 'directory') continue;
    for (const name of root.list(folder.path)) {
      count += 1;
      if (count > mostEntries) {
        yield null;
        return;
      }
      const below = `${path}/${name}`;
      const entry = root.resolve(`${folder.path}/${name}`);
      if (entry?.type === 'directory' && depth < deepest && mayHold(below))
        pending.push({ path: below, depth: depth + 1 });
      if (entry?.type === 'file' && isServiceFile(below)) yield { path: below, entry };
    }
  }
}

/** Other folders are as large as links make them. */
function mayHold(path: string): boolean {
  return isServiceFile(`${path}/x.service`);
}
