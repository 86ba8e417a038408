import { lastingName } from '../../identity/lasting-name.ts';
import type { TargetReport } from '../../report/report.ts';
import { imageNameOf } from '../image-name.ts';
import type { BaselineEntry } from './entry.ts';

/** An archive of a release has its version in its name, `app-1.0.tar`; a repository of a registry is called as it is. */
export function imageKey(image: string): string {
  return image.includes('/') ? image : lastingName(image).key;
}

/**
 * The targets that entries of a name are of: those of this name, and the next release of an archive, whose name has another version, as long as
 * the baseline has no entry by that name.
 */
export function createTargetsOf(
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
): (image: string) => readonly TargetReport[] {
  const inBaseline = new Set(baseline.flatMap(({ image }) => image ?? []));
  const known = new Map<string, readonly TargetReport[]>();
  return (image) => {
    const found =
      known.get(image) ??
      targets.filter((target) => {
        const name = imageNameOf(target).repository;
        return name === image || (!inBaseline.has(name) && imageKey(name) === imageKey(image));
      });
    known.set(image, found);
    return found;
  };
}
