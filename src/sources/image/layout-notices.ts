import { listed } from '../../base/amount.ts';
import type { Problem } from '../../base/problem.ts';
import { printableName } from '../../base/text.ts';
import type { SourceOptions } from '../source.ts';
import type { OpenedImage } from './oci-image.ts';
import { isNamed, type Listed } from './oci-index.ts';
import { platformText } from './platform.ts';

// What a layout holds besides the image that runtimes take, and where they differ in which one that is.

/** A name that index.json gives to several images. */
export function rivalry(group: readonly Listed[], where: string): Problem {
  const digests = group.filter(isNamed).map(({ descriptor }) => descriptor.digest.text);
  const message = `index.json gives the name ${printableName(group[0]?.name ?? '')} to ${digests.join(', ')}: container runtimes differ in which of them they take, and all of them are judged`;
  return { kind: 'notice', where, message };
}

/** Entries of one index of which some runtimes take another one than the first. */
export function severalTaken(
  chosen: readonly OpenedImage[],
  { platform }: SourceOptions,
  where: string,
): readonly Problem[] {
  const readable = chosen.filter(({ state }) => state === 'readable');
  const [first] = readable;
  if (platform === 'all' || readable.length < 2 || !first?.platform) return [];
  const digests = readable.map(({ target }) => `${target.digest}`);
  const message = `${listed(digests, 5)} are for ${platformText(first.platform)}: container runtimes differ in which of them they take, and all of them are judged`;
  return [{ kind: 'notice', where, message }];
}

/** Images of the same platform that come behind the judged one in their index. */
export function notTaken(
  judged: readonly OpenedImage[],
  images: readonly OpenedImage[],
  { platform }: SourceOptions,
  where: string,
): readonly Problem[] {
  const [first] = judged;
  if (platform === 'all' || !first?.platform) return [];
  const wanted = platformText(first.platform);
  const taken = new Set(judged.map(({ target }) => target.digest));
  const behind = images.filter(
    (each) =>
      each.platform !== null &&
      platformText(each.platform) === wanted &&
      !taken.has(each.target.digest),
  );
  if (behind.length === 0) return [];
  const digests = listed(
    behind.map(({ target }) => `${target.digest}`),
    5,
  );
  const message = `${digests} ${behind.length === 1 ? 'is' : 'are'} for ${wanted} too, and not judged: container runtimes take ${first.target.digest}, which comes first in the index`;
  return [{ kind: 'notice', where, message }];
}

/** Signatures, SBOMs and the like. */
export function leftOut(artifacts: readonly OpenedImage[], where: string): readonly Problem[] {
  if (artifacts.length === 0) return [];
  const each = artifacts.map(({ artifact, target }) => `${target.digest} (${artifact})`);
  const message = `not an image, and left out: ${listed(each, 5)}`;
  return [{ kind: 'notice', where, message }];
}
