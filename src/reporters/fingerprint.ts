// supporting: the identity of a finding, for every format that tracks findings over time
import { createHash } from 'node:crypto';
import { stableName } from './alert-uri.ts';
import type { Finding } from './findings.ts';

/**
 * The same for the next build of the image under another tag, digest or layer order, since nothing of those is in it:
 * a rule speaks once of a binary or an image, so rule, image, platform and path are enough, with the cause where it has one.
 */
export function fingerprintOf({ target, judged, verdict }: Finding): string {
  const { rule, cause } = verdict;
  const parts = [rule, stableName(target), target.platform ?? '', judged.path];
  // Who has closed the alert of one cause has not seen the next one.
  const identity = cause === undefined ? parts : [...parts, cause];
  return createHash('sha256').update(identity.join('\0')).digest('hex').slice(0, 16);
}
