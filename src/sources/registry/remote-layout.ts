import { DigestMismatch, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { digestOf, parseDigest } from '../bytes/digest.ts';
import type { OpenBlob } from '../bytes/stored-layer.ts';
import type { Files, StoredFile } from '../files/files.ts';
import { inMemory, layoutAround } from '../image/layout-around.ts';
import { field, type Json, list, natural, parseDocument, required, text } from '../json/json.ts';
import type { Manifest, RemoteStore } from '../remote/remote-store.ts';

/** How a blob is requested. */
interface Part {
  readonly kind: 'document' | 'config' | 'layer';
  readonly size: number;
}

/**
 * An image in a registry as an OCI layout whose parts are fetched when they are opened, so that it is read and verified
 * as every layout is. A part is known when a document that names it was read.
 */
export function remoteLayout(store: RemoteStore, top: Manifest, limits: Limits): Files {
  const parts = new Map<string, Part>();
  learn(parts, parseDocument(top.bytes, 'manifest'));
  return layoutAround(top, (wanted) => {
    const part = parts.get(wanted);
    return part === undefined
      ? null
      : remoteFile(wanted, part, store, limits, (json) => learn(parts, json));
  });
}

function remoteFile(
  digest: string,
  { kind, size }: Part,
  store: RemoteStore,
  limits: Limits,
  learned: (json: Json) => void,
): StoredFile {
  if (kind === 'layer')
    return {
      ...{ name: digest, size, access: 'stream' },
      open: async () => streamed(store, digest, size),
    };
  const limit = Math.min(size, limits.maxDocumentSize);
  return inMemory(
    digest,
    async () => {
      if (kind === 'config') return store.blob(digest, limit);
      const { bytes } = await store.manifest(digest, limit);
      learned(parseDocument(bytes, digest));
      return bytes;
    },
    size,
  );
}

/** Read once, from the beginning: reading elsewhere would be another request for each piece. */
function streamed(store: RemoteStore, digest: string, size: number): OpenBlob {
  const read: RandomAccess['read'] = async () => {
    throw new Error(`the layer ${digest} can only be read as a stream`);
  };
  return { size, read, stream: () => store.blobStream(digest, size), close: () => {} };
}

/** Notes what a manifest or index names. Damage is found, and reported, when it is decoded. */
function learn(parts: Map<string, Part>, document: Json): void {
  const note = (json: Json, kind: Part['kind']) => {
    const digest = required(json, 'digest');
    const size = natural(required(json, 'size'));
    parts.set(parseDigest(text(digest), digest.where).text, { kind, size });
  };
  try {
    const [manifests, config, layers] = ['manifests', 'config', 'layers'].map((key) =>
      field(document, key),
    );
    for (const each of manifests === undefined ? [] : list(manifests)) note(each, 'document');
    if (config !== undefined) note(config, 'config');
    for (const each of layers === undefined ? [] : list(layers)) note(each, 'layer');
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
  }
}

/** Throws when the bytes do not match the requested digest. */
export function verifyTop({ bytes }: Manifest, version: string): void {
  if (!version.includes(':')) return;
  const asked = parseDigest(version, 'the digest of the reference');
  const seen = digestOf(bytes, asked.algorithm);
  if (seen.text !== asked.text)
    throw new DigestMismatch(`the manifest has the digest ${seen.text}, expected ${asked.text}`);
}
