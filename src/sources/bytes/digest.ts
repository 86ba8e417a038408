import { createHash } from 'node:crypto';
import { MalformedInput } from '../../base/errors.ts';

/** A digest of a registered algorithm (OCI image-spec, descriptor.md): its text is safe as a file name. */
export interface Digest {
  readonly algorithm: 'sha256' | 'sha512';
  /** Lower case. */
  readonly hex: string;
  /** `sha256:…` */
  readonly text: string;
}

/** Of any digest, without groups. */
export const digestPattern = 'sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}';

/** Throws MalformedInput; `where` names the field that holds the text. */
export function parseDigest(text: string, where: string): Digest {
  const match = /^(?:(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128}))$/.exec(text);
  if (match === null) {
    const shown = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
    throw new MalformedInput(
      `${where} is ${shown}, expected sha256: or sha512: and lower-case hex`,
    );
  }
  const [, sha256, hex256, , hex512] = match;
  return sha256 === undefined
    ? { algorithm: 'sha512', hex: hex512 ?? '', text }
    : { algorithm: 'sha256', hex: hex256 ?? '', text };
}

export function digestOf(bytes: Buffer, algorithm: Digest['algorithm'] = 'sha256'): Digest {
  return digestFrom(createHash(algorithm).update(bytes).digest('hex'), algorithm);
}

export function digestFrom(hex: string, algorithm: Digest['algorithm']): Digest {
  return { algorithm, hex, text: `${algorithm}:${hex}` };
}
