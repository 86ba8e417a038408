import { MissingPart, UsageError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { archiveOf, withDamage } from './archive-of.ts';
import { expectFile } from './claim.ts';
import {
  type DockerImage,
  promisedByName,
  readDockerManifest,
  sameName,
} from './docker-manifest.ts';
import { type Files, readDocument } from './files.ts';
import { filesOfArchive } from './files-of-archive.ts';
import { decodeConfig } from './image-config.ts';
import { type Image, imageTarget, type LayerFile, unreadableImage } from './image-target.ts';
import type { FileInput } from './input.ts';
import { fitting, parsePlatform, platformText } from './platform.ts';
import type { Source, Target } from './source.ts';

const scheme = 'docker-archive';

export default {
  scheme,
  summary:
    'a tar written by docker save, of any version; FILE:repo:tag chooses one image of several',
  async claims(input) {
    return input.kind === 'file' && (await input.holds()) === 'docker-archive' ? 'certain' : 'no';
  },
  async open(given, { platform, limits }) {
    const input = expectFile(given, scheme);
    const archive = await archiveOf(input);
    const files = filesOfArchive(archive);
    return withDamage(input, archive, async () => {
      const images: OpenedImage[] = [];
      for (const each of await readDockerManifest(files, limits)) {
        images.push(await openImage(each, files, input, limits));
      }
      const named = choose(images, input);
      const fit =
        platform === null || platform === 'all' ? named : fittingImages(named, platform, input);
      return fit.map((each) => each.target);
    });
  },
} satisfies Source;

interface OpenedImage {
  readonly tags: readonly string[];
  /** null when the image cannot be read. */
  readonly image: Image | null;
  readonly target: Target;
}

async function openImage(
  listed: DockerImage,
  files: Files,
  input: FileInput,
  limits: Limits,
): Promise<OpenedImage> {
  const { tags } = listed;
  // A user who asked for one name of several wants to see that name.
  const asked = tags.find((tag) => input.selector !== null && sameName(tag, input.selector));
  const name = asked ?? tags[0] ?? input.name;
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
    const image = { name, scheme, digest, config, layers, problems: [] };
    return { tags, image, target: imageTarget(image, limits) };
  } catch (error) {
    return { tags, image: null, target: unreadableImage(name, scheme, promised, error) };
  }
}

function layerFile(name: string, files: Files): LayerFile {
  return { name, digest: promisedByName(name, 'layer'), size: null, file: files.find(name) };
}

function choose(
  images: readonly OpenedImage[],
  { selector, name }: FileInput,
): readonly OpenedImage[] {
  if (selector === null) return images;
  const chosen = images.filter(({ tags, target }) =>
    selector.startsWith('@')
      ? target.digest === selector.slice(1)
      : tags.some((tag) => sameName(tag, selector)),
  );
  if (chosen.length > 0) return chosen;
  const there = images.map(({ tags, target }) => tags.join(', ') || `@${target.digest}`);
  throw new UsageError(`${name} holds no image ${selector}: it holds ${there.join(', ')}`);
}

/** What cannot be read has no platform, and is kept: it may be the one that was meant. */
function fittingImages(
  images: readonly OpenedImage[],
  wanted: string,
  { name }: FileInput,
): readonly OpenedImage[] {
  const platform = parsePlatform(wanted);
  const readable = images.flatMap((each) =>
    each.image === null ? [] : [{ ...each, platform: each.image.config.platform }],
  );
  const fit = fitting(readable, platform);
  const broken = images.filter(({ image }) => image === null);
  if (fit.length + broken.length > 0) return [...fit, ...broken];
  const there = [...new Set(readable.map((each) => platformText(each.platform)))];
  throw new UsageError(
    `${name} holds no image for ${platformText(platform)}: it holds ${there.join(', ')}`,
  );
}
