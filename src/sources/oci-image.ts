// supporting: one image of an OCI layout
import { MalformedArchive, MissingPart } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Files } from './files.ts';
import { decodeConfig } from './image-config.ts';
import { type Image, imageTarget, type LayerFile, unreadableImage } from './image-target.ts';
import { field, type Json, list, required } from './json.ts';
import { blobOf, type Descriptor, decodeDescriptor, readBlob } from './oci-descriptor.ts';
import type { Listed } from './oci-index.ts';
import type { Platform } from './platform.ts';
import type { Target } from './source.ts';

export interface OpenedImage {
  /** `absent`: manifest or config are not here, as for platforms that were never pulled. */
  readonly state: 'readable' | 'absent' | 'damaged';
  /** As its index says, else as its config says. */
  readonly platform: Platform | null;
  readonly target: Target;
}

/** Damage of one image is its target's problem, not the layout's. */
export async function openImage(
  { descriptor, damage }: Listed,
  files: Files,
  place: { readonly name: string; readonly scheme: string },
  limits: Limits,
): Promise<OpenedImage> {
  const { name, scheme } = place;
  try {
    if (damage !== null) throw damage;
    const image = { ...(await readImage(descriptor, files, limits)), name, scheme };
    const platform = descriptor.platform ?? image.config.platform;
    return { state: 'readable', platform, target: imageTarget(image, limits) };
  } catch (error) {
    const state = error instanceof MissingPart ? 'absent' : 'damaged';
    const target = unreadableImage(name, scheme, descriptor.digest, error);
    return { state, platform: descriptor.platform, target };
  }
}

async function readImage(
  descriptor: Descriptor,
  files: Files,
  limits: Limits,
): Promise<Omit<Image, 'name' | 'scheme'>> {
  const { json: manifest } = await readBlob(files, descriptor, limits);
  refuseOthers(manifest);
  const configDescriptor = decodeDescriptor(required(manifest, 'config'));
  const { json } = await readBlob(files, configDescriptor, limits);
  if (field(json, 'rootfs') === undefined) {
    throw new MalformedArchive(
      `${manifest.where} is no image: its config is of type ${configDescriptor.mediaType}, and has no rootfs`,
    );
  }
  const layers = list(required(manifest, 'layers')).map((layer) =>
    layerFile(decodeDescriptor(layer), files),
  );
  return { digest: descriptor.digest, config: decodeConfig(json), layers, problems: [] };
}

/** A document that is an index and a manifest at once means one image to one reader and another to the next (CVE-2021-41190). */
function refuseOthers(manifest: Json): void {
  if (field(manifest, 'manifests') !== undefined) {
    throw new MalformedArchive(
      `${manifest.where} has manifests, expected an image manifest as its descriptor says`,
    );
  }
  if (field(manifest, 'fsLayers') !== undefined) {
    throw new MalformedArchive(
      `${manifest.where} is a manifest of Docker's schema 1, which promises too little to be verified`,
    );
  }
}

function layerFile(descriptor: Descriptor, files: Files): LayerFile {
  const { digest, size } = descriptor;
  return { name: digest.text, digest, size, file: blobOf(files, descriptor) };
}
