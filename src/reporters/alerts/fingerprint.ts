import { createHash } from 'node:crypto';
import type { TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import type { Entry, Group } from '../groups/group.ts';
import type { AlertIdentities, ComponentName } from './alert-identities.ts';

/**
 * The same for the next build of the image under another tag, digest or layer order, and for the next release, whose folders
 * and files have other versions: nothing of those is in it. A rule speaks once of a binary or an image, so rule, image,
 * platform and path are enough, with the cause where it has one.
 */
export function fingerprintOf(
  { target, judged, verdict }: Finding,
  identities: AlertIdentities,
): string {
  const { rule, cause } = verdict;
  // Who has closed the alert of one cause has not seen the next one.
  return digestOf([
    rule,
    ...identities.ofTarget(target),
    identities.ofFile(target, judged),
    ...(cause === undefined ? [] : [cause]),
  ]);
}

/** Of all files of a component together, whatever its version and their names: a new release is not a new alert. */
export function fingerprintOfComponent(
  component: ComponentName,
  { rule, target, more }: FindingOfComponent,
  identities: AlertIdentities,
): string {
  const { ecosystem } = component;
  const name = identities.ofComponent(target, component);
  return digestOf([rule, ...identities.ofTarget(target), ecosystem, name, ...more]);
}

export interface FindingOfComponent {
  readonly rule: string;
  readonly target: TargetReport;
  /** What distinguishes it from others of this rule. */
  readonly more: readonly string[];
}

/** Of an issue that may be of several files: of a file by itself, else of its component, where what fails and what is unknown are apart. */
export function fingerprintOfEntry(
  { component, target }: Group,
  { rule, findings: [first] }: Entry,
  identities: AlertIdentities,
): string {
  if (component === null) return fingerprintOf(first, identities);
  const { outcome } = first.verdict;
  const more = outcome === 'fail' ? [] : [outcome];
  return fingerprintOfComponent(component, { rule, target, more }, identities);
}

/** For one list of alerts: `d9a2b1:1`, and `d9a2b1:2` for the next one with an equal fingerprint. */
export function createNumbering(): (fingerprint: string) => string {
  const seen = new Map<string, number>();
  return (fingerprint) => {
    const occurrence = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, occurrence);
    return `${fingerprint}:${occurrence}`;
  };
}

function digestOf(identity: readonly string[]): string {
  return createHash('sha256').update(identity.join('\0')).digest('hex').slice(0, 16);
}
