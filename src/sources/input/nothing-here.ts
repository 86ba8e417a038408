import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { codeOf } from '../../base/system-error.ts';
import { parseReference } from '../registry/reference.ts';

/**
 * Whether a reference that names nothing here can only be an image in a registry: it states a host, a tag or a digest, and no folder of
 * its first name is here. A bare word is as likely a file that is not there.
 */
export function isClearlyImage(reference: string): boolean {
  const [first = '', ...rest] = reference.split('/');
  const statesHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const statesVersion = /[:@]/.test(rest.at(-1) ?? first);
  return (statesHost || statesVersion) && !(rest.length > 0 && isFolder(first));
}

/** One sentence that says what was not found, and what the reference may have meant. */
export function nothingHere(reference: string): UsageError {
  const hint = hintFor(reference);
  return new UsageError(
    `${reference}: no such file or directory${hint === null ? '' : `; ${hint}`}`,
  );
}

function hintFor(reference: string): string | null {
  const [, withoutScheme] = /^https?:\/\/(.+)$/.exec(reference) ?? [];
  if (withoutScheme !== undefined)
    return parseReference(withoutScheme) === null
      ? 'an image in a registry is named without http:// or https://'
      : `an image in a registry is named without its protocol: registry:${withoutScheme}`;
  const near = nearName(reference);
  if (near !== null) return `did you mean ${near}?`;
  if (parseReference(reference) !== null)
    return `an image of this name in a registry is registry:${reference}`;
  if (/@/.test(reference) && parseReference(reference.replace(/@.*/s, '')) !== null)
    return 'as an image in a registry, its digest is not sha256: and 64 digits, or sha512: and 128, in lower case';
  const lower = reference.toLowerCase();
  return lower !== reference && isClearlyImage(reference) && parseReference(lower) !== null
    ? `as an image in a registry, its name is in lower case: registry:${lower}`
    : null;
}

/** What lies in its folder under a name that is spelled most like it. */
function nearName(reference: string): string | null {
  const folder = dirname(reference);
  try {
    const near = nearest(basename(reference), readdirSync(folder));
    if (near === null) return null;
    return folder === '.' && !reference.startsWith('./') ? near : `${folder}/${near}`;
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return null;
  }
}

/** A link to one too. */
export function isFolder(path: string): boolean {
  try {
    return path !== '' && lstatSync(`${path}/`).isDirectory();
  } catch (error) {
    if (codeOf(error) !== '' || path.includes('\0')) return false;
    throw error;
  }
}
