import { packageOf, type Subject, whoseOf } from '../policy/subject.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { ownershipOf } from '../reporters/groups/ownership-of.ts';
import type { BinaryChange, ChangedComponent, VerdictChange } from './difference.ts';
import type { Pair } from './pair-binaries.ts';

/** Of each target, its position in its report. */
export type Places = ReadonlyMap<TargetReport, number>;

export function placesIn(...reports: readonly Report[]): Places {
  return new Map(reports.flatMap(({ targets }) => targets.map((target, at) => [target, at])));
}

/** Of a verdict, by the position of its target. */
export function placeKey(
  target: number,
  { path, rule }: Pick<VerdictChange, 'path' | 'rule'>,
): string {
  return JSON.stringify([target, path, rule]);
}

export function binaryChange(pair: Pair, places: Places): BinaryChange {
  const { old, new: fresh } = pair;
  const subject = fresh ?? old;
  const before = old?.judged.path ?? null;
  if (subject === null) throw new Error('a pair of nothing');
  const { path } = subject.judged;
  return {
    path,
    target: places.get(subject.target) ?? -1,
    from: fresh === null || before === path ? null : before,
    package: packageOf(subject),
    layer: layerOf(subject),
    whose: whoseOf(subject),
    ...wasOf(pair),
    component: componentOf(pair),
  };
}

function wasOf({ old, new: fresh }: Pair): Pick<BinaryChange, 'wasOf'> {
  if (old === null || fresh === null) return {};
  const was = whoseOf(old);
  return was === whoseOf(fresh) ? {} : { wasOf: was };
}

/** Its current name. Versions are given if both sides are the same component: another component is not an update. */
function componentOf({ old, new: fresh }: Pair): ChangedComponent | null {
  const [before, after] = [old, fresh].map((side) => (side === null ? null : broughtBy(side)));
  const is = after ?? (fresh === null ? before : null);
  if (!is) return null;
  const wasSame = before?.ecosystem === is.ecosystem && before.group === is.group;
  return {
    ecosystem: is.ecosystem,
    name: is.group,
    before: wasSame ? before.version : null,
    after: after?.version ?? null,
  };
}

/** null of what is yours: each of your files stands by itself. */
function broughtBy({ judged }: Subject) {
  const { whose, component } = ownershipOf(judged);
  return whose === 'yours' ? null : component;
}

/** An image as a whole belongs to no layer. */
function layerOf({ target, judged }: Subject): string {
  if (judged.layer === null) return 'image';
  const layer = target.layers[judged.layer];
  return layer?.digest ?? layer?.diffId ?? `layer ${judged.layer + 1}`;
}
