import { UsageError } from '../../base/errors.ts';
import type { OpenedImage } from './oci-image.ts';
import { fitting, hostPlatform, type Platform, parsePlatform, platformText } from './platform.ts';

type Known = OpenedImage & { readonly platform: Platform };

/**
 * Of one image for several platforms, the one for `platform` (null: for this machine), or every one for 'all'. The only
 * readable one is taken unless a platform is requested. A damaged image of unknown platform is kept, since it may be
 * the one that was meant. Where runtimes differ in what they take, each of them is. Throws UsageError when none fits, or nothing says
 * which; `place` is for its message.
 */
export function choosePlatform(
  images: readonly OpenedImage[],
  platform: string | null,
  place: string,
): readonly OpenedImage[] {
  if (platform === 'all') return images;
  const wanted = platform === null ? hostPlatform() : parsePlatform(platform);
  const here = images.filter(({ state }) => state !== 'absent');
  if (platform === null && here.length === 1) return here;
  const fit = theFirst(fitting(here.filter(isKnown), wanted), wanted, place);
  const unclear = here.filter(({ platform: stated }) => stated === null);
  if (fit.length + unclear.length > 0) return [...fit, ...unclear];
  // Nothing to judge: the report says which blobs are not here.
  const absent = images.filter(({ state }) => state === 'absent');
  const lost = here.length === 0 ? absent : fitting(absent.filter(isKnown), wanted);
  if (lost.length > 0) return lost;
  throw new UsageError(unfit(here, wanted, place));
}

/**
 * The first one that an index lists for a platform (image-spec, image-index.md; so do containerd and podman), one whose
 * platform the index states before one of which only the config has it. Entries of index.json without a name are images of their own.
 */
function theFirst(fit: readonly Known[], wanted: Platform, place: string): readonly Known[] {
  const isOfAnyVariant = new Set(fit.map(({ platform }) => platformText(platform))).size > 1;
  const isNameless = fit.filter(({ listed }) => listed.path.length === 1 && listed.name === null);
  if (isOfAnyVariant || isNameless.length > 1) throw new UsageError(ambiguous(fit, wanted, place));
  const stated = fit.filter(({ listed }) => listed.descriptor.platform !== null);
  const candidates = stated.length > 0 ? stated : fit;
  const ways = [withoutFeatures, inOrder, asZstd].flatMap((way) => candidates.find(way) ?? []);
  // Of equal layers one is enough.
  return ways.filter(
    (image, at) => ways.findIndex((other) => contentOf(other) === contentOf(image)) === at,
  );
}

/** containerd from 2.1 on leaves out what needs a feature that it does not have. */
function withoutFeatures({ listed }: Known): boolean {
  return listed.descriptor.osFeatures.length === 0;
}

function inOrder(): boolean {
  return true;
}

/** What podman takes from version 4.9 on (containers/image, manifest/oci_index.go), whatever comes before it. */
function asZstd({ listed }: Known): boolean {
  return listed.descriptor.annotations.get('io.github.containers.compression.zstd') === 'true';
}

function contentOf({ target }: Known): string {
  const diffIds = target.layers.map(({ diffId }) => diffId);
  return diffIds.length === 0 || diffIds.includes(null)
    ? `${target.digest}`
    : JSON.stringify(diffIds);
}

function isKnown(image: OpenedImage): image is Known {
  return image.platform !== null;
}

function ambiguous(fit: readonly Known[], wanted: Platform, place: string): string {
  const platforms = [...new Set(fit.map(({ platform }) => platformText(platform)))];
  const ways =
    platforms.length === fit.length
      ? platforms.map((each) => `--platform ${each}`)
      : fit.map(({ target }) => `@${target.digest}`);
  return `${place} holds ${fit.length} images for ${platformText(wanted)}, expected one: choose ${ways.join(' or ')}`;
}

function unfit(here: readonly OpenedImage[], wanted: Platform, place: string): string {
  const there = new Set(here.filter(isKnown).map(({ platform }) => platformText(platform)));
  return `${place} holds no image for ${platformText(wanted)}: it holds ${[...there].join(', ')}`;
}
