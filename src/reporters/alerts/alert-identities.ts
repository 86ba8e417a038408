import { createLastingKeys, type Placed } from '../../identity/lasting-keys.ts';
import { createLastingPaths } from '../../identity/lasting-path.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import { ownershipOf } from '../groups/ownership-of.ts';
import type { AlertNames } from './alert-names.ts';

/** What of a place the next release still has: neither version nor hash, layer, tag or folder of this machine. */
export interface AlertIdentities {
  ofTarget(target: TargetReport): readonly string[];
  ofFile(target: TargetReport, judged: Judged): string;
  ofComponent(target: TargetReport, component: ComponentName): string;
}

export interface ComponentName {
  readonly ecosystem: string;
  readonly group: string;
}

/** Of all targets of a report, so that those that are equal without their versions have an order. */
export function createAlertIdentities(
  targets: readonly TargetReport[],
  names: AlertNames,
): AlertIdentities {
  const lastingPathOf = createLastingPaths();
  const ofTarget = (target: TargetReport): readonly string[] => {
    const name = names.nameOf(target);
    return [names.isOnDisk(target) ? lastingPathOf(name).key : name, target.platform ?? ''];
  };
  const fileOf = (target: TargetReport, judged: Judged): Placed => ({
    group: ofTarget(target).join('\0'),
    path: names.portablePathOf(target, judged),
  });
  const componentOf = (target: TargetReport, { ecosystem, group }: ComponentName): Placed => ({
    group: [...ofTarget(target), ecosystem].join('\0'),
    path: group,
  });
  const files = createLastingKeys(
    targets.flatMap((target) => judgedOf(target).map((judged) => fileOf(target, judged))),
  );
  const components = createLastingKeys(
    targets.flatMap((target) =>
      target.binaries.flatMap((binary) => {
        const { component } = ownershipOf(binary);
        return component === null ? [] : [componentOf(target, component)];
      }),
    ),
  );
  return {
    ofTarget,
    ofFile: (target, judged) => files(fileOf(target, judged)),
    ofComponent: (target, component) => components(componentOf(target, component)),
  };
}
