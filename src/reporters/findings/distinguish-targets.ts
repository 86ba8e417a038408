import type { TargetReport } from '../../report/report.ts';

/** For each target that shares its name with another one: its platform, and its digest where that is shared too. */
export type Apart = (target: TargetReport) => string | null;

export function distinguishTargets(targets: readonly TargetReport[]): Apart {
  const names = countsOf(targets.map(({ name }) => name));
  const platforms = countsOf(targets.map(named));
  return (target) => {
    if ((names.get(target.name) ?? 0) < 2) return null;
    const { platform, digest } = target;
    const isShared = platform === null || (platforms.get(named(target)) ?? 0) > 1;
    const parts = [platform, isShared ? (digest?.slice(0, 'sha256:'.length + 12) ?? null) : null];
    return parts.filter((part) => part !== null).join(', ') || null;
  };
}

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

function named({ name, platform }: TargetReport): string {
  return JSON.stringify([name, platform]);
}

function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
