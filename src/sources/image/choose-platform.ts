import { UsageError } from '../../base/errors.ts';
import type { OpenedImage } from './oci-image.ts';
import {
  distance,
  fitting,
  hostPlatform,
  nearestOf,
  type Platform,
  parsePlatform,
  platformText,
  variantsForPodman,
} from './platform.ts';

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
  const fit = allTaken(here.filter(isKnown), wanted, place);
  const unclear = here.filter(({ platform: stated }) => stated === null);
  if (fit.length + unclear.length > 0) return [...fit, ...unclear];
  // Nothing to judge: the report says which blobs are not here.
  const absent = images.filter(({ state }) => state === 'absent');
  const lost = here.length === 0 ? absent : fitting(absent.filter(isKnown), wanted);
  if (lost.length > 0) return lost;
  throw new UsageError(unfit(here, wanted, place));
}

/**
 * What one runtime or another takes. Of an index containerd and podman take the first entry for the nearest platform that the index states,
 * and where it states none that fits, the first entry without a platform. They differ in what is near. Entries of index.json
 * without a name are images of their own.
 */
function allTaken(known: readonly Known[], wanted: Platform, place: string): readonly Known[] {
  const fit = fitting(known, wanted);
  const isNameless = fit.filter(({ listed }) => listed.path.length === 1 && listed.name === null);
  const variants = new Set(fit.map(({ platform }) => platformText(platform)));
  if (variants.size > 1 || isNameless.length > 1)
    throw new UsageError(ambiguous(fit, wanted, place));
  const stated = known.filter(({ listed }) => listed.descriptor.platform !== null);
  const [bare] = known.filter(
    ({ listed: { descriptor, path } }) => descriptor.platform === null && path.length > 1,
  );
  const [first] = fit.toSorted((a, b) => order(a) - order(b));
  if (first === undefined) return [];
  const taken = takenOf(stated, wanted).map((each) => each ?? bare);
  return distinct([first, ...taken.filter((each) => each !== undefined)]);
}

/** The plainest comes first. */
function order({ listed: { descriptor } }: Known): number {
  return (descriptor.platform === null ? 2 : 0) + (descriptor.osFeatures.length === 0 ? 0 : 1);
}

function takenOf(stated: readonly Known[], wanted: Platform): readonly (Known | undefined)[] {
  return [
    // containerd before version 2.1, and from then on: what needs a feature that it does not have is left out.
    nearestOf(stated, wanted, distance)[0],
    nearestOf(stated.filter(withoutFeatures), wanted, distance)[0],
    // podman before version 4.9, and from then on: it prefers zstd (containers/image, manifest/oci_index.go).
    ...variantsForPodman(wanted).flatMap((variants) => {
      const fit = firstOf(stated, wanted, variants);
      return [fit[0], fit.find(isZstd) ?? fit[0]];
    }),
  ];
}

/** Those of the first of the variants that is there. */
function firstOf(
  stated: readonly Known[],
  { os, architecture }: Platform,
  variants: readonly string[],
): readonly Known[] {
  const own = stated.filter(
    ({ platform }) => platform.os === os && platform.architecture === architecture,
  );
  const variant = variants.find((each) => own.some((known) => isStatedAs(known, each)));
  return own.filter((known) => variant !== undefined && isStatedAs(known, variant));
}

function isStatedAs({ listed }: Known, variant: string): boolean {
  return listed.descriptor.statedVariant === variant;
}

function withoutFeatures({ listed }: Known): boolean {
  return listed.descriptor.osFeatures.length === 0;
}

function isZstd({ listed }: Known): boolean {
  return listed.descriptor.annotations.get('io.github.containers.compression.zstd') === 'true';
}

/** Of equal layers one is enough. */
function distinct(images: readonly Known[]): readonly Known[] {
  const contents = images.map(contentOf);
  return images.filter((_, at) => contents.indexOf(contents[at] ?? '') === at);
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
