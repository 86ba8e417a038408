import { DamagedInput } from '../../../base/errors.ts';
import type { Limits } from '../../../base/limits.ts';
import type { Files } from '../../files/files.ts';
import { field, type Json, list, required, textMap, textOr } from '../../json/json.ts';
import { type Descriptor, decodeDescriptor, readBlob } from '../oci-descriptor.ts';
import type { FoundBase } from './by-history.ts';

/** An attestation stands next to an image in its index, and names the manifest that it is about. */
export function attestationsOf(
  attestations: readonly Descriptor[],
  manifest: string,
): readonly Descriptor[] {
  return attestations.filter(
    ({ annotations }) => annotations.get('vnd.docker.reference.digest') === manifest,
  );
}

/**
 * The base image by the provenance that BuildKit writes with mode=max: the layers of each step of the build. Layers of a step
 * that took an image, which the image begins with, are those of its base. null if it is not recorded or cannot be read.
 */
export async function byProvenance(
  attestations: readonly Descriptor[],
  files: Files,
  layers: readonly string[],
  limits: Limits,
): Promise<FoundBase | null> {
  for (const attestation of attestations.slice(0, mostAttestations)) {
    try {
      const { json } = await readBlob(files, attestation, limits);
      for (const layer of list(required(json, 'layers')).slice(0, mostAttestations)) {
        if (
          !/provenance/.test(textMap(layer, 'annotations').get('in-toto.io/predicate-type') ?? '')
        )
          continue;
        const { json: statement } = await readBlob(files, decodeDescriptor(layer), limits);
        const found = byStatement(statement, layers);
        if (found !== null) return found;
      }
    } catch (error) {
      // It is evidence that is missing, and no part of the image.
      if (!(error instanceof DamagedInput)) throw error;
    }
  }
  return null;
}

const mostAttestations = 8;

/** SLSA 0.2 and 1, as BuildKit fills them. Throws MalformedInput. */
function byStatement(statement: Json, layers: readonly string[]): FoundBase | null {
  const images = imagesOf(statement);
  const chains = inside(
    statement,
    ['predicate', 'metadata', 'https://mobyproject.org/buildkit@v1#metadata', 'layers'],
    ['predicate', 'runDetails', 'metadata', 'buildkit_metadata', 'layers'],
  );
  let best: FoundBase | null = null;
  for (const [step, name] of images) {
    const ofStep = chains === undefined ? undefined : field(chains, `${step}:0`);
    for (const chain of ofStep === undefined ? [] : list(ofStep)) {
      const digests = list(chain).map((each) => textOr(each, 'digest', ''));
      const isBase =
        digests.length < layers.length && digests.every((digest, at) => digest === layers[at]);
      if (!isBase || digests.length <= (best?.layers ?? 0)) continue;
      const because = "the provenance of the build names the layers of the image's FROM";
      best = { layers: digests.length, how: 'provenance', because, name };
    }
  }
  return best;
}

/** Steps that took an image, and its name. */
function imagesOf(statement: Json): ReadonlyMap<string, string> {
  const steps = inside(
    statement,
    ['predicate', 'buildConfig', 'llbDefinition'],
    ['predicate', 'buildDefinition', 'internalParameters', 'buildConfig', 'llbDefinition'],
  );
  const found = new Map<string, string>();
  for (const step of steps === undefined ? [] : list(steps)) {
    const source = inside(step, ['op', 'Op', 'source'], ['op', 'Op', 'Source', 'source']);
    const identifier = source === undefined ? '' : textOr(source, 'identifier', '');
    const name = /^docker-image:\/\/(.+)$/.exec(identifier)?.[1];
    if (name !== undefined) found.set(textOr(step, 'id', ''), name);
  }
  return found;
}

function inside(json: Json, ...paths: readonly (readonly string[])[]): Json | undefined {
  for (const path of paths) {
    let at: Json | undefined = json;
    for (const name of path) at = at === undefined ? undefined : field(at, name);
    if (at !== undefined) return at;
  }
  return undefined;
}
