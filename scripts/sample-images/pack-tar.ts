import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import type { LayerEntry } from './image.ts';

const types = {
  directory: 'directory',
  file: 'file',
  symlink: 'symlink',
  hardlink: 'link',
} as const;

/** A tar of the entries in their order. The same entries give the same bytes: no clock, no owner names. */
export async function packTar(entries: readonly LayerEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const entry of entries) {
    if (entry.type === 'file') tar.entry(header(entry), entry.body);
    else tar.entry(header(entry));
  }
  tar.finalize();
  return buffer(tar);
}

function header(entry: LayerEntry): Partial<Header> & Pick<Header, 'name'> {
  const common = {
    name: entry.path,
    type: types[entry.type],
    uid: entry.uid ?? 0,
    gid: entry.uid ?? 0,
    mtime: new Date(0),
  };
  switch (entry.type) {
    case 'directory':
      return { ...common, name: `${entry.path}/`, mode: entry.mode ?? 0o755 };
    case 'file':
      return {
        ...common,
        mode: entry.mode ?? 0o644,
        size: entry.body.length,
        ...extended(entry.capability),
      };
    default:
      return { ...common, mode: entry.type === 'symlink' ? 0o777 : 0o755, linkname: entry.target };
  }
}

/** Docker and BuildKit store extended attributes in PAX records of this name, with the raw value. */
function extended(capability: string | undefined): Partial<Pick<Header, 'pax'>> {
  return capability === undefined
    ? {}
    : { pax: { 'SCHILY.xattr.security.capability': capability } };
}
