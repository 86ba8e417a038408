import { groupBy } from '../base/group-by.ts';
import { pythonName } from '../base/python-name.ts';
import { createLastingPaths } from '../identity/lasting-path.ts';
import { isWheel } from '../identity/python-name.ts';
import { imageNameOf } from '../policy/image-name.ts';
import type { TargetReport } from '../report/report.ts';

export interface TargetPair {
  readonly old: TargetReport | undefined;
  readonly new: TargetReport | undefined;
}

/** Ways to call targets that say nothing of which is which where several are called so. */
const isLoose: ReadonlySet<unknown> = new Set([lastingKey, lastingFileKey, platformKey]);

/**
 * Pairs targets by what they are called: the same image, then another tag of it, for the same platform and then for any; what
 * is left by name without versions; and at last by platform, where one is left on each side. Order decides nothing.
 */
export function pairTargets(
  before: readonly TargetReport[],
  after: readonly TargetReport[],
): readonly TargetPair[] {
  const left = new Set(before);
  const found = new Map<TargetReport, TargetReport>();
  for (const keyOf of [tagKey, repositoryKey, nameKey, lastingKey, lastingFileKey, platformKey]) {
    const byKey = groupBy([...left], keyOf);
    const free = groupBy(
      after.filter((target) => !found.has(target)),
      keyOf,
    );
    for (const target of after) {
      if (found.has(target)) continue;
      const candidates = byKey.get(keyOf(target)) ?? [];
      // Names that say nothing of which is which do not let order say it.
      const isClear =
        !(keyOf === platformKey && target.platform === null) &&
        candidates.length === 1 &&
        free.get(keyOf(target))?.length === 1;
      const match = isLoose.has(keyOf) && !isClear ? undefined : candidates.shift();
      if (match === undefined) continue;
      left.delete(match);
      found.set(target, match);
    }
  }
  const [old] = left;
  const [fresh] = after;
  // Two images by themselves are compared whatever they are.
  if (before.length === 1 && after.length === 1 && old !== undefined && fresh !== undefined)
    return [{ old, new: fresh }];
  return [
    ...after.map((target) => ({ old: found.get(target), new: target })),
    ...[...left].map((target) => ({ old: target, new: undefined })),
  ];
}

function tagKey(target: TargetReport): string {
  return JSON.stringify([repositoryOf(target), imageNameOf(target).tag, target.platform]);
}

function repositoryKey(target: TargetReport): string {
  return JSON.stringify([repositoryOf(target), target.platform]);
}

/** An image for two platforms has a pair in each; one that has only one may have changed it. */
function nameKey(target: TargetReport): string {
  return repositoryOf(target);
}

function repositoryOf(target: TargetReport): string {
  const { repository } = imageNameOf(target);
  return isWheel(target) ? pythonName(repository) : repository;
}

/** `svc-1.0/svc` and `svc-1.1/svc`, `app-1.0.tar.gz` and `app-1.1.tar.gz`. */
function lastingKey({ name, platform }: TargetReport): string {
  return JSON.stringify([createLastingPaths()(name).key, platform]);
}

/** The same in another folder. */
function lastingFileKey({ name, platform }: TargetReport): string {
  return JSON.stringify([createLastingPaths()(name).file, platform]);
}

function platformKey({ platform }: TargetReport): string {
  return platform ?? '';
}
