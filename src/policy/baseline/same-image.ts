import { pythonName } from '../../base/python-name.ts';
import { lastingName } from '../../identity/lasting-name.ts';
import { isWheel } from '../../identity/python-name.ts';
import type { TargetReport } from '../../report/report.ts';
import { imageNameOf } from '../image-name.ts';
import type { BaselineEntry } from './entry.ts';

/**
 * What entries of one image have in common. An archive of a release has its version in its name, `app-1.0.tar`; a repository of a
 * registry is called as it is. `Pillow` is `pillow` where a wheel of that name is judged, whose next release may write it so.
 */
export function createImageKey(targets: readonly TargetReport[]): (image: string) => string {
  const keyOf = (image: string) => (image.includes('/') ? image : lastingName(image).key);
  const wheels = new Set(
    targets.filter(isWheel).map((target) => pythonName(keyOf(imageNameOf(target).repository))),
  );
  return (image) => {
    const key = keyOf(image);
    if (wheels.size === 0) return key;
    const python = pythonName(key);
    return wheels.has(python) ? python : key;
  };
}

/**
 * The targets that entries of a name are of: those of this name, and the next release of an archive, whose name has another version, as long as
 * the baseline has no entry by that name.
 */
export function createTargetsOf(
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
): (image: string) => readonly TargetReport[] {
  const imageKey = createImageKey(targets);
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
