// supporting: the identity of a finding, for every format that tracks findings over time
import { createHash } from 'node:crypto';
import { stableName } from './alert-uri.ts';
import type { Finding } from './findings.ts';

/**
 * The same for the next build of the image under another tag, digest or layer order, since nothing of those is in it:
 * a rule speaks once of a binary or an image, so rule, image, platform and path are enough.
 */
export function fingerprintOf({ target, judged, verdict }: Finding): string {
  const identity = [verdict.rule, stableName(target), target.platform ?? '', judged.path].join(
    '\0',
  );
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}
