import { MissingPart } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { type Files, readDocument } from '../files/files.ts';
import type { Input } from '../input/input.ts';
import type { Target } from '../source.ts';
import {
  type DockerImage,
  promisedByName,
  readDockerManifest,
  sameName,
} from './docker-manifest.ts';
import { decodeConfig } from './image-config.ts';
import { type Image, imageTarget, type LayerFile, unreadableImage } from './image-target.ts';

export interface DockerTarget {
  readonly tags: readonly string[];
  /** null when the image cannot be read. */
  readonly image: Image | null;
  readonly target: Target;
}

/** Damage of one image is its target's problem. Throws as `readDockerManifest`. */
export async function openDockerImages(
  files: Files,
  place: Pick<Input, 'name' | 'selector'> & { readonly scheme: string },
  limits: Limits,
): Promise<readonly DockerTarget[]> {
  const images: DockerTarget[] = [];
  for (const each of await readDockerManifest(files, limits))
    images.push(await openImage(each, files, place, limits));
  return images;
}

async function openImage(
  listed: DockerImage,
  files: Files,
  place: Parameters<typeof openDockerImages>[1],
  limits: Limits,
): Promise<DockerTarget> {
  const { tags } = listed;
  const { scheme, selector } = place;
  // A user who named one of several names wants to see that name.
  const asked = tags.find((tag) => selector !== null && sameName(tag, selector));
  const name = asked ?? tags[0] ?? place.name;
  const isOwn = asked === undefined && tags.length > 0;
  const called = (target: Target): Target => (isOwn ? { ...target, namedBy: 'content' } : target);
  const promised = promisedByName(listed.config, 'config');
  try {
    const file = files.find(listed.config);
    if (file === null)
      throw new MissingPart(
        `the config ${listed.config} is not here, expected as manifest.json names it`,
      );
    const { json, digest } = await readDocument(file, { digest: promised, size: null }, limits);
    const config = decodeConfig(json);
    const layers = listed.layers.map((layer) => layerFile(layer, files));
    const image = {
      ...{ name, scheme, digest, config, layers, problems: [] },
      ...{ annotations: new Map(), around: null },
    };
    return { tags, image, target: called(imageTarget(image, limits)) };
  } catch (error) {
    return { tags, image: null, target: called(unreadableImage(name, scheme, promised, error)) };
  }
}

function layerFile(name: string, files: Files): LayerFile {
  return { name, digest: promisedByName(name, 'layer'), size: null, file: files.find(name) };
}
