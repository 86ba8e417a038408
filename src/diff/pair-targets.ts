import { groupBy } from '../base/group-by.ts';
import { imageNameOf } from '../policy/image-name.ts';
import type { TargetReport } from '../report/report.ts';

export interface TargetPair {
  readonly old: TargetReport | undefined;
  readonly new: TargetReport | undefined;
}

/**
 * Pairs targets by what they are called: the same image, then another tag of it, for the same platform and then for any; what
 * is left by platform and order, since an archive can have any name. Its order decides nothing where names do.
 */
export function pairTargets(
  before: readonly TargetReport[],
  after: readonly TargetReport[],
): readonly TargetPair[] {
  const left = new Set(before);
  const found = new Map<TargetReport, TargetReport>();
  for (const keyOf of [tagKey, repositoryKey, nameKey, platformKey]) {
    const byKey = groupBy([...left], keyOf);
    for (const target of after) {
      if (found.has(target)) continue;
      const match = byKey.get(keyOf(target))?.shift();
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
  const { repository, tag } = imageNameOf(target);
  return JSON.stringify([repository, tag, target.platform]);
}

function repositoryKey(target: TargetReport): string {
  return JSON.stringify([imageNameOf(target).repository, target.platform]);
}

/** An image for two platforms has a pair in each; one that has only one may have changed it. */
function nameKey(target: TargetReport): string {
  return imageNameOf(target).repository;
}

function platformKey({ platform }: TargetReport): string {
  return platform ?? '';
}
