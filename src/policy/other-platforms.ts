import type { TargetReport } from '../report/report.ts';

/** Part of the gate's sentence: what it says is of some platforms of an image, and not of all. */
export function platformsSentence(targets: readonly TargetReport[]): string | null {
  const partial = targets.filter(({ otherPlatforms = [] }) => otherPlatforms.length > 0);
  const [first] = partial;
  if (first === undefined) return null;
  if (partial.length > 1)
    return `only one of several platforms was judged of ${partial.length} images (--platform all)`;
  const all = (first.otherPlatforms?.length ?? 0) + 1;
  return `1 of ${all} platforms judged (--platform all)`;
}
