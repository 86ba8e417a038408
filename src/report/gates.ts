import { amount } from '../base/amount.ts';
import { groupBy } from '../base/group-by.ts';
import { type Apart, distinguishTargets } from './distinguish-targets.ts';
import type { Gate, Report, TargetReport } from './report.ts';

/** What has a gate of its own: an image, a package, a root; or the files that are given one by one, together. */
export interface GatedImage {
  readonly name: string;
  readonly targets: readonly TargetReport[];
  readonly gate: Gate;
}

/** From the worst. */
export const gateStates = [
  'undecided',
  'broken',
  'holds',
] as const satisfies readonly Gate['state'][];

/** undefined: of nothing. */
export function worstState(gates: readonly Gate[]): Gate['state'] | undefined {
  return gateStates.find((each) => gates.some(({ state }) => state === each));
}

/** A report of an older version has one gate over all. */
export function gateOfTarget(
  { gate: ofTarget }: TargetReport,
  { gate }: Pick<Report, 'gate'>,
): Gate {
  return ofTarget ?? gate;
}

/** In the order of the report. One for all where the report is of a version that had one gate. */
export function gatedImages({
  targets,
  gate,
}: Pick<Report, 'targets' | 'gate'>): readonly GatedImage[] {
  if (targets.length === 0) return [];
  const apart = distinguishTargets(targets);
  if (!targets.every((target) => target.gate !== undefined))
    return [{ name: nameOfImage(targets, apart), targets, gate }];
  return groupImages(targets).map((group) => ({
    name: nameOfImage(group, apart),
    targets: group,
    gate: group[0]?.gate ?? gate,
  }));
}

/** Of several images each one, to show alongside the summary; of one image there is nothing more to say. */
export function ownGates(report: Pick<Report, 'targets' | 'gate'>): readonly GatedImage[] {
  const images = gatedImages(report);
  return images.length < 2 ? [] : images;
}

/**
 * The targets by the images that they are. Of one file nothing can be covered to nine tenths, so files that are given one by one
 * are judged together, unless the configuration has other settings for some of them.
 */
export function groupImages(
  targets: readonly TargetReport[],
): readonly (readonly TargetReport[])[] {
  const groups = groupBy([...targets.entries()], ([at, target]) =>
    isLooseFile(target) ? JSON.stringify(target.policy ?? 'files') : at,
  );
  return [...groups.values()].map((group) => group.map(([, target]) => target));
}

/** What could not be opened may have been anything. */
function isLooseFile({ kind, scheme }: TargetReport): boolean {
  return kind === 'file' && scheme !== 'unreadable';
}

/** `app:1.0`, `app:1.0 (linux/arm64)`, `3 files`. */
export function nameOfImage(group: readonly TargetReport[], apart: Apart): string {
  const [first] = group;
  if (first === undefined || group.length > 1) return amount(group.length, nounOf(group));
  const which = apart(first);
  return which === null ? first.name : `${first.name} (${which})`;
}

/** What they are called together. */
export function nounOf(targets: readonly TargetReport[]): string {
  const kinds = new Set(targets.map(({ kind }) => kind));
  const [kind] = kinds;
  if (kinds.size !== 1 || kind === undefined) return 'input';
  return nouns[kind];
}

const nouns = {
  image: 'image',
  'root-filesystem': 'root',
  package: 'package',
  file: 'file',
} as const satisfies Record<TargetReport['kind'], string>;
