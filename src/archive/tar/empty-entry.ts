import { bufferAccess } from '../../base/random-access.ts';
import { type Entry, type EntryHeader, withAccessList } from '../entry.ts';

const content = bufferAccess(Buffer.alloc(0));

/** An entry of which there is nothing to read. Written out: archives of nothing else must cost little. */
export function emptyEntry(header: EntryHeader): Entry {
  const { path, type, mode, uid, gid, linkTarget, capability, accessList } = header;
  const entry = { path, type, size: 0, mode, uid, gid, linkTarget, capability, content, body };
  return withAccessList(entry, accessList);
}

function body(): AsyncIterable<Buffer> {
  return content.stream(0, 0);
}
