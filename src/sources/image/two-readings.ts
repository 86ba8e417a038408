import { DamagedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { problemOf } from '../../base/problem-of.ts';
import { type Files, readDocument } from '../files/files.ts';
import type { SourceOptions, Target } from '../source.ts';
import { type DockerTarget, openDockerImages } from './docker-image.ts';
import { sameName } from './docker-manifest.ts';
import type { LayerFile } from './image-target.ts';
import { calledBy, type OpenedImage, openImage } from './oci-image.ts';
import { type Listed, listImages } from './oci-index.ts';
import { fitting, hostPlatform, parsePlatform, platformText } from './platform.ts';

/** An image as index.json names it. */
export type LayoutImage = OpenedImage & Pick<Listed, 'name'>;

/** What is wrong with a layout that lies next to a manifest.json which says otherwise. */
export async function layoutProblems(
  files: Files,
  place: { readonly name: string; readonly scheme: string },
  limits: Limits,
): Promise<readonly Problem[]> {
  try {
    const docker = await dockerImages(files, place, limits);
    if (docker === null) return [];
    return disagreements(docker, await layoutImages(files, place, limits), place.name);
  } catch (error) {
    return [unreadable('manifest.json', 'index.json', error)];
  }
}

/** null: there is no manifest.json, or it has another form, as in the directories of skopeo. */
async function dockerImages(
  files: Files,
  place: { readonly name: string; readonly scheme: string },
  limits: Limits,
): Promise<readonly DockerTarget[] | null> {
  const file = files.find('manifest.json');
  if (file === null) return null;
  const { json } = await readDocument(file, { digest: null, size: null }, limits);
  return Array.isArray(json.value)
    ? openDockerImages(files, { ...place, selector: null }, limits)
    : null;
}

/** What index.json of an archive leads to: that of a newer `docker save` and of containerd lists the same images as manifest.json. */
export async function layoutImages(
  files: Files,
  place: { readonly name: string; readonly scheme: string },
  limits: Limits,
): Promise<readonly LayoutImage[]> {
  const images: LayoutImage[] = [];
  for (const listed of await listImages(files, limits, 'without-version')) {
    const isWhole = listed.name !== null && /[:/]/.test(listed.name);
    const name = isWhole ? listed.name : place.name;
    const opened = await openImage(listed, files, { ...place, name }, limits);
    images.push({ ...(isWhole ? calledBy('content', opened) : opened), name: listed.name });
  }
  return images;
}

/**
 * What is wrong where manifest.json and index.json lead to different images: podman and containerd load by index.json,
 * Docker's older store by manifest.json. A platform of which only index.json knows is none of manifest.json's business.
 */
export function disagreements(
  docker: readonly DockerTarget[],
  layout: readonly LayoutImage[],
  where: string,
): readonly Problem[] {
  const damaged = layout.filter(({ state }) => state === 'damaged');
  const readable = layout.filter(({ config }) => config !== null);
  // One difference shows in all three ways: the first says most.
  const messages = [
    docker.flatMap((each) => missingFrom(readable, each)),
    readable.flatMap((each) => unknownTo(docker, each)),
    readable.flatMap((each) => renamed(docker, each)),
  ].find((found) => found.length > 0);
  return [
    ...damaged.flatMap(({ target }) => target.problems),
    ...[...new Set(messages)].map((message): Problem => ({ kind: 'damaged', where, message })),
  ];
}

/** What concerns the whole archive stands with its first image. */
export function withProblems(
  targets: readonly Target[],
  problems: readonly Problem[],
): readonly Target[] {
  const [first, ...others] = targets;
  if (first === undefined || problems.length === 0) return targets;
  return [{ ...first, problems: [...problems, ...first.problems] }, ...others];
}

/** A document cannot be read, and a runtime that begins with it may read it otherwise. */
export function unreadable(name: string, other: string, error: unknown): Problem {
  if (!(error instanceof DamagedInput)) throw error;
  const { kind, message } = problemOf(error, name);
  const whole = `${other} can be read, and ${name} cannot, which some container runtimes begin with: ${message}`;
  return { kind, where: name, message: whole };
}

/** Images for other platforms, which runtimes would take from index.json. */
export function furtherImages(
  docker: readonly DockerTarget[],
  layout: readonly LayoutImage[],
  { platform }: SourceOptions,
): readonly Target[] {
  const all = unlisted(docker, layout);
  // As of a layout: what is not here is a problem of a target of its own.
  if (platform === 'all') return all.map(({ target }) => target);
  const further = all.filter(({ state }) => state === 'readable');
  const wanted = platform === null ? hostPlatform() : parsePlatform(platform);
  const known = further.flatMap((each) =>
    each.platform === null ? [] : [{ ...each, platform: each.platform }],
  );
  const fit = fitting(known, wanted).map(({ target }) => target);
  // The only image of a name is loaded on every platform.
  const only = further.filter(
    ({ name, state }) =>
      layout.filter((other) => other.name === name && other.state === state).length === 1,
  );
  return [...new Set([...fit, ...only.map(({ target }) => target)])];
}

/** Images that index.json alone leads to, those that are not here too. */
export function unlisted(
  docker: readonly DockerTarget[],
  layout: readonly LayoutImage[],
): readonly LayoutImage[] {
  return layout.filter(
    (each) => (each.state === 'readable' || each.state === 'absent') && !isListed(docker, each),
  );
}

function isListed(docker: readonly DockerTarget[], { config }: LayoutImage): boolean {
  return docker.some(({ image }) => image !== null && image.digest.text === config?.text);
}

const differs = 'which of them is loaded differs by container runtime';

function missingFrom(readable: readonly LayoutImage[], { image }: DockerTarget): string[] {
  if (image === null) return [];
  const digest = image.digest.text;
  const same = readable.filter(({ config }) => config?.text === digest);
  if (readable.length === 0) return [];
  if (same.length === 0) {
    const there = readable.map(({ config }) => config?.text).join(', ');
    return [`manifest.json leads to the config ${digest}, and index.json to ${there}: ${differs}`];
  }
  if (same.some(({ layers }) => areSame(layers, image.layers))) return [];
  const [first] = same;
  return [
    `of the image with the config ${digest} manifest.json names the layers ${shown(image.layers)}, and index.json ${shown(first?.layers ?? [])}: ${differs}`,
  ];
}

/** A layer without a digest in its name is verified by its diffID. */
function areSame(one: readonly LayerFile[], other: readonly LayerFile[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ digest }, at) => {
      const twin = other[at]?.digest ?? null;
      return digest === null || twin === null || digest.text === twin.text;
    })
  );
}

function shown(layers: readonly LayerFile[]): string {
  const names = layers.slice(0, 8).map(({ name }) => name);
  return `${names.join(', ') || 'none'}${layers.length > 8 ? ' …' : ''}`;
}

/** Another image for a platform that manifest.json has one for. */
function unknownTo(docker: readonly DockerTarget[], each: LayoutImage): string[] {
  const platform = each.target.platform;
  const rivals = docker.filter(({ target }) => target.platform === platform);
  if (isListed(docker, each) || rivals.length === 0) return [];
  const there = rivals.map(({ image, target }) => image?.digest.text ?? target.name).join(', ');
  const asked = each.platform === null ? '' : ` for ${platformText(each.platform)}`;
  return [
    `index.json leads to the config ${each.config?.text}${asked}, and manifest.json to ${there}: ${differs}`,
  ];
}

/** One name for two images that both documents list. */
function renamed(docker: readonly DockerTarget[], { name, config, target }: LayoutImage): string[] {
  if (name === null || config === null || !/[:/]/.test(name)) return [];
  const called = docker.filter(
    (each) =>
      each.target.platform === target.platform && each.tags.some((tag) => sameName(tag, name)),
  );
  if (called.length === 0 || called.some(({ image }) => image?.digest.text === config.text))
    return [];
  const there = called.map(({ image }) => image?.digest.text ?? 'an image that cannot be read');
  return [
    `index.json leads from ${name} to the config ${config.text}, and manifest.json to ${there.join(', ')}: ${differs}`,
  ];
}
