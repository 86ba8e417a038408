import { DigestMismatch, LimitExceeded } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { type Digest, digestOf } from '../bytes/digest.ts';
import type { OpenBlob } from '../bytes/stored-layer.ts';
import { type Json, parseDocument } from '../json/json.ts';

/** By name inside the archive or directory. */
export interface Files {
  /** null: no such file. Throws MalformedInput when something else than a file is there. */
  find(name: string): StoredFile | null;
}

export interface StoredFile {
  readonly name: string;
  readonly size: number;
  /** `stream`: it can be read but once, from its beginning. */
  readonly access: 'random' | 'stream';
  open(): Promise<OpenBlob>;
}

/** A document as it is read and verified. */
export interface Document {
  readonly json: Json;
  readonly digest: Digest;
}

/**
 * Reads a JSON document whole, and verifies it before a byte of it is believed. `promised` null: nothing is promised.
 * Throws LimitExceeded, DigestMismatch, MalformedInput.
 */
export async function readDocument(
  file: StoredFile,
  promised: { readonly digest: Digest | null; readonly size: number | null },
  limits: Limits,
): Promise<Document> {
  const { name } = file;
  if (file.size > limits.maxDocumentSize) {
    throw new LimitExceeded(
      `${name} has ${file.size} bytes, the limit for a document is ${limits.maxDocumentSize}`,
    );
  }
  if (promised.size !== null && promised.size !== file.size) {
    throw new DigestMismatch(
      `${name} has ${file.size} bytes, its descriptor says ${promised.size}`,
    );
  }
  const bytes = await readFile(file);
  const digest = digestOf(bytes, promised.digest?.algorithm);
  if (promised.digest !== null && digest.text !== promised.digest.text) {
    throw new DigestMismatch(
      `${name} has the digest ${digest.text}, expected ${promised.digest.text}`,
    );
  }
  return { json: parseDocument(bytes, name), digest };
}

/** The caller bounds its size. */
export async function readFile(file: StoredFile): Promise<Buffer> {
  const blob = await file.open();
  try {
    return await blob.read(0, blob.size);
  } finally {
    blob.close();
  }
}
