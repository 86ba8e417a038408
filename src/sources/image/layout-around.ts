import { bufferAccess } from '../../base/random-access.ts';
import { digestOf } from '../bytes/digest.ts';
import type { Files, StoredFile } from '../files/files.ts';
import { field, parseDocument } from '../json/json.ts';
import type { Manifest } from '../remote/remote-store.ts';

/**
 * One manifest or index as an OCI layout that lists it alone, so that it is read and verified as every layout is. `blob` finds what it
 * leads to, by digest. Throws MalformedInput if it is not JSON.
 */
export function layoutAround(top: Manifest, blob: (digest: string) => StoredFile | null): Files {
  const { bytes } = top;
  const digest = digestOf(bytes).text;
  const entry = { mediaType: mediaTypeOf(top), digest, size: bytes.length };
  const given = new Map([
    ['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
    ['index.json', Buffer.from(JSON.stringify({ manifests: [entry] }))],
    [blobName(digest), bytes],
  ]);
  return {
    find(name) {
      const own = given.get(name);
      return own === undefined ? blob(digestIn(name)) : inMemory(name, async () => own, own.length);
    },
  };
}

export function inMemory(name: string, fetch: () => Promise<Buffer>, size: number): StoredFile {
  const open = async () => ({ ...bufferAccess(await fetch()), close: () => {} });
  return { name, size, access: 'random', open };
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function digestIn(name: string): string {
  return name.replace(/^blobs\//, '').replace('/', ':');
}

/** The word of who gives it, unless it says nothing: some registries say `text/plain` or `application/json`. */
function mediaTypeOf({ bytes, mediaType }: Manifest): string {
  if (/^application\/vnd\./.test(mediaType)) return mediaType;
  const isIndex = field(parseDocument(bytes, 'manifest'), 'manifests') !== undefined;
  return `application/vnd.oci.image.${isIndex ? 'index' : 'manifest'}.v1+json`;
}
