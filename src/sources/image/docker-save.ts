import { UsageError } from '../../base/errors.ts';
import type { Files } from '../files/files.ts';
import type { Input } from '../input/input.ts';
import type { SourceOptions, Target } from '../source.ts';
import { type DockerTarget, openDockerImages } from './docker-image.ts';
import { sameName } from './docker-manifest.ts';
import { fitting, parsePlatform, platformText } from './platform.ts';
import {
  disagreements,
  furtherImages,
  type LayoutImage,
  layoutImages,
  unlisted,
  unreadable,
  withProblems,
} from './two-readings.ts';

type Place = Pick<Input, 'name' | 'selector'> & { readonly scheme: string };

/** Images of what `docker save` writes, that selector and platform choose. Throws UsageError, and as `openDockerImages`. */
export async function openDockerSave(
  files: Files,
  input: Place,
  options: SourceOptions,
): Promise<readonly Target[]> {
  const images = await openDockerImages(files, input, options.limits);
  const { platform } = options;
  const named = choose(images, input);
  const fit =
    platform === null || platform === 'all' ? named : fittingImages(named, platform, input);
  return compared({ chosen: fit, named, images }, files, input, options);
}

interface Chosen {
  readonly chosen: readonly DockerTarget[];
  /** Those that the selector leaves, for any platform. */
  readonly named: readonly DockerTarget[];
  /** All of manifest.json. */
  readonly images: readonly DockerTarget[];
}

/** With what index.json says otherwise, where there is one, and the platforms that are not judged. */
async function compared(
  { chosen, named, images }: Chosen,
  files: Files,
  input: Place,
  options: SourceOptions,
): Promise<readonly Target[]> {
  const kept = new Set(chosen.map(({ target }) => target));
  const dropped = named.map(({ target }) => target).filter((each) => !kept.has(each));
  const plain = chosen.map(({ target, tags }) => ({ target, tags, others: dropped }));
  try {
    if (files.find('index.json') === null) return plain.map(withPlatforms);
    const layout = await layoutImages(files, input, options.limits);
    const problems = disagreements(images, layout, input.name);
    const further =
      input.selector === null
        ? furtherImages(images, layout, options)
        : siblings({ chosen, images }, layout, input.selector, options);
    const left = unlisted(images, layout).filter(({ target }) => !further.includes(target));
    const targets = plain.map((each) =>
      withPlatforms({ ...each, others: [...each.others, ...platformsOf(each.tags, left, images)] }),
    );
    return withProblems([...targets, ...further], problems);
  } catch (error) {
    return withProblems(plain.map(withPlatforms), [
      unreadable('index.json', 'manifest.json', error),
    ]);
  }
}

/** With all platforms, those of the selected name that index.json alone leads to. */
function siblings(
  { chosen, images }: Pick<Chosen, 'chosen' | 'images'>,
  layout: readonly LayoutImage[],
  selector: string,
  { platform }: SourceOptions,
): readonly Target[] {
  if (platform !== 'all' || selector.startsWith('@')) return [];
  const tags = chosen.flatMap((each) => each.tags);
  return ofName(tags, unlisted(images, layout), images).map(({ target }) => target);
}

type Other = Pick<Target, 'platform' | 'digest'>;

function platformsOf(
  tags: readonly string[],
  left: readonly LayoutImage[],
  images: readonly DockerTarget[],
): readonly Other[] {
  return ofName(tags, left, images).map(({ platform, target }) => ({
    digest: target.digest,
    platform: platform === null ? null : platformText(platform),
  }));
}

/** Images of a name in index.json; of one that manifest.json does not have, they may be of any. */
function ofName(
  tags: readonly string[],
  left: readonly LayoutImage[],
  images: readonly DockerTarget[],
): readonly LayoutImage[] {
  const isListed = (name: string) =>
    images.some((each) => each.tags.some((tag) => sameName(tag, name)));
  return left.filter(
    ({ name }) => name === null || !isListed(name) || tags.some((tag) => sameName(tag, name)),
  );
}

function withPlatforms({
  target,
  others,
}: {
  readonly target: Target;
  readonly others: readonly Other[];
}): Target {
  const texts = others.map(({ platform, digest }) => platform ?? digest ?? 'a platform');
  const otherPlatforms = [...new Set(texts)];
  return otherPlatforms.length === 0 ? target : { ...target, otherPlatforms };
}

function choose(
  images: readonly DockerTarget[],
  { selector, name }: Place,
): readonly DockerTarget[] {
  if (selector === null) return images;
  const chosen = images.filter(({ tags, target }) =>
    selector.startsWith('@')
      ? target.digest === selector.slice(1)
      : tags.some((tag) => sameName(tag, selector)),
  );
  if (chosen.length > 0) return chosen;
  const [only] = images;
  // Where the archive gives its one image no name, the user says it.
  if (only !== undefined && images.length === 1 && only.tags.length === 0 && isName(selector))
    return [{ ...only, target: { ...only.target, name: selector, namedBy: 'user' } }];
  const there = images.map(({ tags, target }) => tags.join(', ') || `@${target.digest}`);
  throw new UsageError(`${name} holds no image ${selector}: it holds ${there.join(', ')}`);
}

function isName(selector: string): boolean {
  return !selector.startsWith('@') && /[:/]/.test(selector);
}

/** What cannot be read has no platform, and is kept: it may be the one that was meant. */
function fittingImages(
  images: readonly DockerTarget[],
  wanted: string,
  { name }: Place,
): readonly DockerTarget[] {
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
