import { UsageError } from '../base/errors.ts';
import { archiveOf, withDamage } from './files/archive-of.ts';
import type { Files } from './files/files.ts';
import { filesOfArchive } from './files/files-of-archive.ts';
import { type DockerTarget, openDockerImages } from './image/docker-image.ts';
import { sameName } from './image/docker-manifest.ts';
import { fitting, parsePlatform, platformText } from './image/platform.ts';
import {
  disagreements,
  furtherImages,
  layoutImages,
  unreadable,
  withProblems,
} from './image/two-readings.ts';
import { expectFile } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import type { Source, SourceOptions, Target } from './source.ts';

const scheme = 'docker-archive';

export default {
  scheme,
  summary:
    'a tar by `docker save`, `podman save`, skopeo and others; FILE:repo:tag selects one of several images',
  recognised: 'a tar with `manifest.json` at its top',
  opens: 'images',
  async claims(input) {
    return input.kind === 'file' && (await input.holds()) === 'docker-archive' ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    const archive = await archiveOf(input);
    const files = filesOfArchive(archive);
    return withDamage(input, archive, async () => {
      const { name, selector } = input;
      const images = await openDockerImages(files, { name, selector, scheme }, options.limits);
      const { platform } = options;
      const named = choose(images, input);
      const fit =
        platform === null || platform === 'all' ? named : fittingImages(named, platform, input);
      return compared(
        fit.map((each) => each.target),
        images,
        files,
        input,
        options,
      );
    });
  },
} satisfies Source;

/** With what index.json says otherwise, where there is one. */
async function compared(
  targets: readonly Target[],
  images: readonly DockerTarget[],
  files: Files,
  input: FileInput,
  options: SourceOptions,
): Promise<readonly Target[]> {
  try {
    if (files.find('index.json') === null) return targets;
    const layout = await layoutImages(files, { name: input.name, scheme }, options.limits);
    const problems = disagreements(images, layout, input.name);
    const further = input.selector === null ? furtherImages(images, layout, options) : [];
    return withProblems([...targets, ...further], problems);
  } catch (error) {
    return withProblems(targets, [unreadable('index.json', 'manifest.json', error)]);
  }
}

function choose(
  images: readonly DockerTarget[],
  { selector, name }: FileInput,
): readonly DockerTarget[] {
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
  images: readonly DockerTarget[],
  wanted: string,
  { name }: FileInput,
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
