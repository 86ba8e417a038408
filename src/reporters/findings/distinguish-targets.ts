import { type Apart, distinguishTargets } from '../../report/distinguish-targets.ts';
import type { TargetReport } from '../../report/report.ts';

/**
 * The same for formats that list files of all targets together: what lies in one of several folders, images or packages is called by
 * its target too, since two of them may have the same paths. A file that is scanned by itself has its path as its name.
 */
export function distinguishFiles(targets: readonly TargetReport[]): Apart {
  const apart = distinguishTargets(targets);
  if (new Set(targets.map(({ name }) => name)).size < 2) return apart;
  return (target) => {
    if (target.kind === 'file') return apart(target);
    return [target.name, apart(target)].filter((part) => part !== null).join(', ');
  };
}

/** `linux/amd64 of 3 platforms (also linux/arm64, linux/s390x: --platform all)`; null: there is no other one. */
export function choiceOf({ platform, otherPlatforms = [] }: TargetReport): string | null {
  if (otherPlatforms.length === 0) return null;
  const listed = otherPlatforms.slice(0, mostPlatforms).join(', ');
  const more = otherPlatforms.length - mostPlatforms;
  const others = more > 0 ? `${listed} and ${more} more` : listed;
  return `${platform ?? 'one'} of ${otherPlatforms.length + 1} platforms (also ${others}: --platform all)`;
}

const mostPlatforms = 12;
