import { MalformedInput, MissingPart } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Digest } from '../bytes/digest.ts';
import type { Files } from '../files/files.ts';
import { field, type Json, list, required, textMap } from '../json/json.ts';
import type { Target } from '../source.ts';
import { ForeignManifest, orForeign, refuseArtifact } from './artifact.ts';
import { baseDigest } from './base/base-image.ts';
import { byNeighbour } from './base/by-neighbour.ts';
import { attestationsOf, byProvenance } from './base/provenance.ts';
import { decodeConfig } from './image-config.ts';
import { type Image, imageTarget, type LayerFile, unreadableImage } from './image-target.ts';
import {
  blobOf,
  type Descriptor,
  decodeDescriptor,
  isOfNoPlatform,
  readBlob,
} from './oci-descriptor.ts';
import type { Listed } from './oci-index.ts';
import type { Platform } from './platform.ts';

export interface OpenedImage {
  readonly listed: Listed;
  /**
   * `absent`: manifest or config are not here, as for platforms that were never pulled. `foreign`: an artifact of another kind,
   * which no runtime takes for an image.
   */
  readonly state: 'readable' | 'absent' | 'foreign' | 'damaged';
  /** As its index says, else as its config says. */
  readonly platform: Platform | null;
  /** As its index says: `unknown/unknown`, though it is not an attestation. */
  readonly isOfNoPlatform: boolean;
  readonly target: Target;
  /** Of its config; null unless it is readable. */
  readonly config: Digest | null;
  readonly layers: readonly LayerFile[];
  /** What it is instead of an image; null: it is one, or cannot be read. */
  readonly artifact: string | null;
}

/** Damage of one image is its target's problem, not the layout's. */
export async function openImage(
  listed: Listed,
  files: Files,
  place: { readonly name: string; readonly scheme: string },
  limits: Limits,
): Promise<OpenedImage> {
  const { name, scheme } = place;
  const { descriptor, damage, attestations } = listed;
  const marked = { listed, isOfNoPlatform: isOfNoPlatform(descriptor) };
  try {
    if (damage !== null) throw damage;
    const { configDigest, ...read } = await readImage(descriptor, files, attestations, limits);
    const image = { ...read, name, scheme };
    const platform = statedPlatform(descriptor) ?? image.config.platform;
    const target = imageTarget(image, limits);
    return {
      ...marked,
      ...{ state: 'readable', platform, target, config: configDigest, layers: image.layers },
      artifact: null,
    };
  } catch (error) {
    const what = orForeign(error, descriptor, 'manifest');
    return {
      ...marked,
      state: stateAfter(what),
      platform: statedPlatform(descriptor),
      target: unreadableImage(name, scheme, descriptor.digest, what),
      config: null,
      layers: [],
      artifact: what instanceof ForeignManifest ? what.what : null,
    };
  }
}

/** null: none is stated, or `unknown/unknown`, by which no image runs. */
export function statedPlatform(descriptor: Descriptor): Platform | null {
  return isOfNoPlatform(descriptor) ? null : descriptor.platform;
}

/** Where its name is a whole one: that the layout gives it, or by which the user selects it there. */
export function calledBy(namedBy: 'content' | 'user', opened: OpenedImage): OpenedImage {
  return { ...opened, target: { ...opened.target, namedBy } };
}

function stateAfter(error: unknown): OpenedImage['state'] {
  if (error instanceof MissingPart) return 'absent';
  return error instanceof ForeignManifest ? 'foreign' : 'damaged';
}

async function readImage(
  descriptor: Descriptor,
  files: Files,
  attestations: readonly Descriptor[],
  limits: Limits,
): Promise<Omit<Image, 'name' | 'scheme'> & { readonly configDigest: Digest }> {
  const { json: manifest } = await readBlob(files, descriptor, limits);
  refuseOthers(manifest);
  const configDescriptor = decodeDescriptor(required(manifest, 'config'));
  const json = await readConfig(configDescriptor, files, limits);
  await refuseArtifact(manifest, { json, type: configDescriptor.mediaType }, files);
  const layers = list(required(manifest, 'layers')).map((layer) =>
    layerFile(decodeDescriptor(layer), files),
  );
  const { digest } = descriptor;
  const configDigest = configDescriptor.digest;
  const annotations = new Map([...descriptor.annotations, ...textMap(manifest, 'annotations')]);
  const config = decodeConfig(json);
  const chain = layers.map((layer) => layer.digest.text);
  const around =
    (await byProvenance(attestationsOf(attestations, digest.text), files, chain, limits)) ??
    (await byNeighbour(baseDigest({ annotations, config: config.config }), files, chain, limits));
  return { digest, config, configDigest, layers, problems: [], annotations, around };
}

async function readConfig(descriptor: Descriptor, files: Files, limits: Limits): Promise<Json> {
  try {
    return (await readBlob(files, descriptor, limits)).json;
  } catch (error) {
    throw orForeign(error, descriptor, 'config');
  }
}

/** A document that is an index and a manifest at once means one image to one reader and another to the next (CVE-2021-41190). */
function refuseOthers(manifest: Json): void {
  if (field(manifest, 'manifests') !== undefined) {
    throw new MalformedInput(
      `${manifest.where} has manifests, expected an image manifest as its descriptor says`,
    );
  }
  if (field(manifest, 'fsLayers') !== undefined) {
    throw new MalformedInput(
      `${manifest.where} is a manifest of Docker's schema 1, which promises too little to be verified`,
    );
  }
}

function layerFile(descriptor: Descriptor, files: Files): LayerFile & { readonly digest: Digest } {
  const { digest, size, mediaType, urls } = descriptor;
  return { name: digest.text, digest, size, file: blobOf(files, descriptor), mediaType, urls };
}
