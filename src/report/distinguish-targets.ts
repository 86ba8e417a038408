import type { TargetReport } from './report.ts';

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

function named({ name, platform }: TargetReport): string {
  return JSON.stringify([name, platform]);
}

function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
