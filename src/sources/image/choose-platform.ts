import { UsageError } from '../../base/errors.ts';
import type { OpenedImage } from './oci-image.ts';
import { fitting, hostPlatform, type Platform, parsePlatform, platformText } from './platform.ts';

type Known = OpenedImage & { readonly platform: Platform };

/**
 * Of one image for several platforms, the one for `platform` (null: for this machine), or every one for 'all'. The only
 * readable one is taken unless a platform is requested. A damaged image of unknown platform is kept, since it may be
 * the one that was meant. Throws UsageError when none or more than one fit; `place` is for its message.
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
  const fit = fitting(here.filter(isKnown), wanted);
  if (fit.length > 1) throw new UsageError(ambiguous(fit, wanted, place));
  const unclear = here.filter(({ platform: stated }) => stated === null);
  if (fit.length + unclear.length > 0) return [...fit, ...unclear];
  // Nothing to judge: the report says which blobs are not here.
  const absent = images.filter(({ state }) => state === 'absent');
  const lost = here.length === 0 ? absent : fitting(absent.filter(isKnown), wanted);
  if (lost.length > 0) return lost;
  throw new UsageError(unfit(here, wanted, place));
}

function isKnown(image: OpenedImage): image is Known {
  return image.platform !== null;
}

function ambiguous(fit: readonly OpenedImage[], wanted: Platform, place: string): string {
  const digests = fit.map(({ target }) => `@${target.digest}`);
  return `${place} holds ${fit.length} images for ${platformText(wanted)}, expected one: choose ${digests.join(' or ')}`;
}

function unfit(here: readonly OpenedImage[], wanted: Platform, place: string): string {
  const there = new Set(here.filter(isKnown).map(({ platform }) => platformText(platform)));
  return `${place} holds no image for ${platformText(wanted)}: it holds ${[...there].join(', ')}`;
}
