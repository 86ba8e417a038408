import { MissingPart } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { type Digest, parseDigest } from '../bytes/digest.ts';
import { type Document, type Files, readDocument, type StoredFile } from '../files/files.ts';
import { field, type Json, natural, required, text, textMap, textOr, texts } from '../json/json.ts';
import { normalise, type Platform } from './platform.ts';

/** OCI image-spec descriptor.md; Docker's manifest lists have the same fields. */
export interface Descriptor {
  readonly digest: Digest;
  readonly size: number;
  /** '' where it is absent. */
  readonly mediaType: string;
  readonly platform: Platform | null;
  /** The variant of the platform as it is written; '' where there is none. */
  readonly statedVariant: string;
  /** `os.features`: what a runtime must be able to do beyond the image specification to run it. */
  readonly osFeatures: readonly string[];
  readonly annotations: ReadonlyMap<string, string>;
  /** Where else its bytes are, as for layers of Windows that registries must not hold. */
  readonly urls: readonly string[];
}

/** Throws MalformedInput, which names the field. */
export function decodeDescriptor(json: Json): Descriptor {
  const digest = required(json, 'digest');
  const platform = field(json, 'platform');
  return {
    digest: parseDigest(text(digest), digest.where),
    size: natural(required(json, 'size')),
    mediaType: textOr(json, 'mediaType', ''),
    platform: platform === undefined ? null : decodePlatform(platform),
    statedVariant: platform === undefined ? '' : textOr(platform, 'variant', ''),
    osFeatures: platform === undefined ? [] : texts(platform, 'os.features'),
    annotations: textMap(json, 'annotations'),
    urls: texts(json, 'urls'),
  };
}

function decodePlatform(json: Json): Platform {
  const os = text(required(json, 'os'));
  return normalise(os, text(required(json, 'architecture')), textOr(json, 'variant', ''));
}

export function isIndex({ mediaType }: Descriptor): boolean {
  return (
    mediaType === 'application/vnd.oci.image.index.v1+json' ||
    mediaType === 'application/vnd.docker.distribution.manifest.list.v2+json'
  );
}

/**
 * So BuildKit's provenance and SBOM manifests stand among the images. The maker of an index can write it next to an image too: what the
 * manifest holds decides.
 */
export function isOfNoPlatform({ platform }: Descriptor): boolean {
  return platform?.os === 'unknown' && platform.architecture === 'unknown';
}

/** Of the layout; null: absent. */
export function blobOf(files: Files, { digest }: Descriptor): StoredFile | null {
  return files.find(`blobs/${digest.algorithm}/${digest.hex}`);
}

/** A manifest, index or config, verified. Throws MissingPart, DigestMismatch, LimitExceeded, MalformedInput. */
export async function readBlob(
  files: Files,
  descriptor: Descriptor,
  limits: Limits,
): Promise<Document> {
  const file = blobOf(files, descriptor);
  if (file === null) {
    const kind = descriptor.mediaType === '' ? 'a document' : descriptor.mediaType;
    throw new MissingPart(
      `the blob ${descriptor.digest.text} (${kind}) is not here, expected as its descriptor names it`,
    );
  }
  return readDocument(file, descriptor, limits);
}
