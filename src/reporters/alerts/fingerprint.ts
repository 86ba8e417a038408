import { createHash } from 'node:crypto';
import type { TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import type { Component } from '../groups/ownership-of.ts';
import type { AlertNames } from './alert-names.ts';

/**
 * The same for the next build of the image under another tag, digest or layer order, since nothing of those is in it:
 * a rule speaks once of a binary or an image, so rule, image, platform and path are enough, with the cause where it has one.
 */
export function fingerprintOf({ target, judged, verdict }: Finding, names: AlertNames): string {
  const { rule, cause } = verdict;
  // Who has closed the alert of one cause has not seen the next one.
  return digestOf([
    rule,
    ...placeOf(target, names),
    names.pathOf(target, judged),
    ...(cause === undefined ? [] : [cause]),
  ]);
}

/** Of all files of a component together, whatever its version and their names: a new release is not a new alert. */
export function fingerprintOfComponent(
  { ecosystem, group }: Component,
  { rule, target, more }: FindingOfComponent,
  names: AlertNames,
): string {
  return digestOf([rule, ...placeOf(target, names), ecosystem, group, ...more]);
}

export interface FindingOfComponent {
  readonly rule: string;
  readonly target: TargetReport;
  /** What distinguishes it from others of this rule. */
  readonly more: readonly string[];
}

function placeOf(target: TargetReport, names: AlertNames): readonly string[] {
  return [names.nameOf(target), target.platform ?? ''];
}

function digestOf(identity: readonly string[]): string {
  return createHash('sha256').update(identity.join('\0')).digest('hex').slice(0, 16);
}
