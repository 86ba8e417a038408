import { MalformedInput, UsageError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import type { Files } from '../files/files.ts';
import type { Input } from '../input/input.ts';
import type { SourceOptions, Target } from '../source.ts';
import { choosePlatform } from './choose-platform.ts';
import { sameName } from './docker-manifest.ts';
import { leftOut, notTaken, rivalry, severalTaken } from './layout-notices.ts';
import { calledBy, type OpenedImage, openImage, statedPlatform } from './oci-image.ts';
import { isNamed, type Listed, listImages } from './oci-index.ts';
import { distance, hostPlatform, ofAnyVariant, parsePlatform, platformText } from './platform.ts';
import { layoutProblems, withProblems } from './two-readings.ts';

/** Where the layout is, for names and messages. */
interface Layout {
  readonly files: Files;
  readonly input: Pick<Input, 'name' | 'selector'>;
  readonly scheme: string;
  readonly options: SourceOptions;
}

/**
 * The images that selector and platform choose. Images of one name are one image for several platforms, of which one is
 * chosen; every name is an image of its own. What a runtime may take instead is judged too. Throws UsageError, and DamagedInput when the layout cannot be read.
 */
export async function openLayout(layout: Layout): Promise<readonly Target[]> {
  const { files, input, options } = layout;
  const images = await listImages(files, options.limits);
  if (images.length === 0) throw new MalformedInput('index.json lists no image');
  const byName = new Map<string | null, Listed[]>();
  for (const image of selected(images, input)) {
    byName.set(image.name, [...(byName.get(image.name) ?? []), image]);
  }
  const targets: Target[] = [];
  const problems: Problem[] = [];
  const artifacts: OpenedImage[] = [];
  for (const group of byName.values()) {
    const candidates = await openAll(worthOpening(group, options), layout);
    // What is left of them may be for other platforms.
    if (candidates.every(({ artifact }) => artifact !== null))
      candidates.push(...(await openAll(without(group, candidates), layout)));
    const images = candidates.filter(({ artifact }) => artifact === null);
    artifacts.push(...candidates.filter(({ artifact }) => artifact !== null));
    if (images.length === 0) continue;
    const chosen = choosePlatform(eligible(images, options), options.platform, input.name);
    const rivals = await rivalsOf(chosen, group, layout);
    const judged = [...chosen, ...rivals];
    const others = otherPlatforms(judged, group, candidates);
    targets.push(
      ...judged.map(({ target }) =>
        others.length === 0 ? target : { ...target, otherPlatforms: others },
      ),
    );
    problems.push(...notTaken(judged, images, options, input.name));
    problems.push(...severalTaken(chosen, options, input.name));
    if (rivals.length > 0) problems.push(rivalry(group, input.name));
  }
  // A user who selects an artifact reads in the report what it is.
  if (targets.length === 0) targets.push(...artifacts.map(({ target }) => target));
  else problems.push(...leftOut(artifacts, input.name));
  // One image under two names is judged once.
  const once = targets.filter(
    ({ digest }, at) => targets.findIndex((other) => other.digest === digest) === at,
  );
  const place = { name: input.name, scheme: layout.scheme };
  problems.push(...(await layoutProblems(files, place, options.limits)));
  return withProblems(once, problems);
}

/**
 * Images that index.json lists under the name of the chosen ones. Podman and skopeo take the first of a name, containerd
 * the last, whatever platforms are stated there. Those that were never pulled do not matter.
 */
async function rivalsOf(
  chosen: readonly OpenedImage[],
  group: readonly Listed[],
  layout: Layout,
): Promise<readonly OpenedImage[]> {
  const named = group.filter(isNamed);
  if (named.length < 2) return [];
  const digests = new Set(chosen.map(({ target }) => target.digest));
  const rivals: OpenedImage[] = [];
  for (const image of named)
    if (!digests.has(image.descriptor.digest.text)) rivals.push(await openListed(image, layout));
  return rivals.filter(({ state }) => state !== 'absent' && state !== 'foreign');
}

/**
 * A runtime that chooses by platform takes none that is stated for `unknown/unknown`, unless there are no others. What is not chosen counts
 * as another platform.
 */
function eligible(
  images: readonly OpenedImage[],
  { platform }: SourceOptions,
): readonly OpenedImage[] {
  const stated = images.filter(({ isOfNoPlatform }) => !isOfNoPlatform);
  return platform === 'all' || stated.length === 0 ? images : stated;
}

/** What the report does not judge, of other platforms. Where nothing states a platform the digest of the manifest names it. */
function otherPlatforms(
  judged: readonly OpenedImage[],
  group: readonly Listed[],
  candidates: readonly OpenedImage[],
): readonly string[] {
  const digests = new Set(judged.map(({ target }) => target.digest));
  const opened = new Map(candidates.map((image) => [image.listed.descriptor.digest.text, image]));
  const others = group
    .filter(({ descriptor }) => !digests.has(descriptor.digest.text))
    .flatMap(({ descriptor }) => {
      const { text } = descriptor.digest;
      const image = opened.get(text);
      if (image?.state === 'foreign') return [];
      const platform = statedPlatform(descriptor) ?? image?.platform;
      return [platform ? platformText(platform) : text];
    });
  const own = new Set(judged.map(({ platform }) => platform && platformText(platform)));
  return [...new Set(others)].filter((each) => !own.has(each));
}

function selected(
  images: readonly Listed[],
  { selector, name }: Layout['input'],
): readonly Listed[] {
  if (selector === null) return images;
  const fit = selector.startsWith('@')
    ? images.filter(({ path }) => path.includes(selector.slice(1)))
    : images.filter((image) => image.name !== null && answersTo(image.name, selector));
  if (fit.length > 0) return fit;
  const isBare = images.every((image) => image.name === null || !isWholeName(image.name));
  const bare = isBare ? images.filter((image) => isNamedBySelector(image, selector)) : [];
  if (bare.length > 0) return bare;
  const there = [...new Set(images.map((image) => image.name ?? `@${image.path[0]}`))];
  throw new UsageError(`${name} holds no image ${selector}: it holds ${there.join(', ')}`);
}

/** A layout may carry a tag alone, or nothing: then the user says the rest of the name. */
function isNamedBySelector({ name }: Listed, selector: string): boolean {
  if (!isWholeName(selector)) return false;
  return name === null || (!isWholeName(name) && name === tagOf(selector));
}

function isWholeName(name: string): boolean {
  return !name.startsWith('@') && /[:/]/.test(name);
}

function tagOf(name: string): string {
  return /:([\w][\w.-]{0,127})$/.exec(name)?.[1] ?? 'latest';
}

/** If the index alone shows which ones are meant, the manifests of the others need not be read, or fetched. */
function worthOpening(group: readonly Listed[], { platform }: SourceOptions): readonly Listed[] {
  const wanted = platform === null || platform === 'all' ? hostPlatform() : parsePlatform(platform);
  const known = group.flatMap((image) => {
    const stated = statedPlatform(image.descriptor);
    return stated === null ? [] : [{ image, platform: stated }];
  });
  if (platform === 'all' || known.length < group.length) return group;
  const variants = ofAnyVariant(known, wanted);
  const fit = known.filter(
    (each) => distance(each.platform, wanted) !== null || variants.includes(each),
  );
  return fit.length > 0 && fit.every(({ image }) => image.damage === null)
    ? fit.map(({ image }) => image)
    : group;
}

function without(group: readonly Listed[], opened: readonly OpenedImage[]): readonly Listed[] {
  const known = new Set(opened.map(({ listed }) => listed));
  return group.filter((each) => !known.has(each));
}

async function openAll(images: readonly Listed[], layout: Layout): Promise<OpenedImage[]> {
  const opened: OpenedImage[] = [];
  for (const image of images) opened.push(await openListed(image, layout));
  return opened;
}

/** A whole name (`docker.io/library/alpine:3.20`) also answers to its short form, as in an archive of Docker, and to its tag. */
function answersTo(name: string, selector: string): boolean {
  return sameName(name, selector) || name.slice(name.lastIndexOf(':') + 1) === selector;
}

async function openListed(
  image: Listed,
  { files, input, scheme, options }: Layout,
): Promise<OpenedImage> {
  const isGiven = input.selector !== null && isNamedBySelector(image, input.selector);
  const name = isGiven ? (input.selector ?? '') : targetName(image.name, input);
  const opened = await openImage(image, files, { name, scheme }, options.limits);
  if (isGiven) return calledBy('user', opened);
  if (name !== image.name) return opened;
  // A user who selected it by its whole name has said that name.
  const isAsked = input.selector !== null && sameName(name, input.selector);
  return calledBy(isAsked ? 'user' : 'content', opened);
}

/** A tag alone says little without the place it was found in. */
function targetName(name: string | null, input: Layout['input']): string {
  if (name === null) return input.name;
  return isWholeName(name) ? name : `${input.name}:${name}`;
}
