import { DamagedInput } from '../../../base/errors.ts';
import type { Limits } from '../../../base/limits.ts';
import { parseDigest } from '../../bytes/digest.ts';
import { type Files, readDocument } from '../../files/files.ts';
import { field, type Json, list } from '../../json/json.ts';
import { decodeDescriptor } from '../oci-descriptor.ts';
import type { FoundBase } from './by-history.ts';

/** Platforms of an index that are looked at. */
const mostManifests = 64;

/**
 * Where an annotation names the base image by its digest, and that image lies in the same layout, as umoci has it: its layers
 * are the first ones. null where it is not there, cannot be read, or the image begins with other layers.
 */
export async function byNeighbour(
  digest: string | null,
  files: Files,
  layers: readonly string[],
  limits: Limits,
): Promise<FoundBase | null> {
  if (digest === null) return null;
  try {
    for (const manifest of await manifestsOf(digest, files, limits)) {
      const found = field(manifest, 'layers');
      const chain = (found === undefined ? [] : list(found)).map(
        (layer) => decodeDescriptor(layer).digest.text,
      );
      const begins = chain.length > 0 && chain.every((each, at) => each === layers[at]);
      if (begins && chain.length < layers.length)
        return {
          layers: chain.length,
          how: 'annotation',
          because: 'an annotation or label names it, and it is next to the image',
        };
    }
  } catch (error) {
    // It is evidence that is missing, and no part of the image.
    if (!(error instanceof DamagedInput)) throw error;
  }
  return null;
}

/** Of the image itself, or of each platform. */
async function manifestsOf(digest: string, files: Files, limits: Limits): Promise<readonly Json[]> {
  const top = await documentOf(digest, files, limits);
  if (top === null) return [];
  const inner = field(top, 'manifests');
  if (inner === undefined) return [top];
  const found: Json[] = [];
  for (const each of list(inner).slice(0, mostManifests)) {
    const manifest = await documentOf(decodeDescriptor(each).digest.text, files, limits);
    if (manifest !== null) found.push(manifest);
  }
  return found;
}

async function documentOf(text: string, files: Files, limits: Limits): Promise<Json | null> {
  const digest = parseDigest(text, 'the digest of the base image');
  const file = files.find(`blobs/${digest.algorithm}/${digest.hex}`);
  if (file === null) return null;
  return (await readDocument(file, { digest, size: null }, limits)).json;
}
