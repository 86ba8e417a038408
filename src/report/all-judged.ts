import type { BinaryReport, Judged, TargetReport } from './report.ts';

/** All that has verdicts, the image as a whole first. */
export function judgedOf({
  image,
  binaries,
}: Pick<TargetReport, 'image' | 'binaries'>): readonly Judged[] {
  if (image === undefined) return binaries;
  return [{ ...image, aliases: [], sha256: null, layer: null, facts: {} }, ...binaries];
}

/** One of its binaries, and not the image as a whole. */
export function isBinary(judged: Judged): judged is BinaryReport {
  return judged.sha256 !== null;
}
