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

/**
 * One sentence that says what was not found, and what the reference may have meant. `isFile`: it has a scheme of files, or ends as they
 * do, and is not the name of an image.
 */
export function nothingHere(reference: string, isFile: boolean): UsageError {
  const hint = hintFor(reference, isFile);
  return new UsageError(
    `${reference}: no such file or directory${hint === null ? '' : `; ${hint}`}`,
  );
}

function hintFor(reference: string, isFile: boolean): string | null {
  const [, withoutProtocol] = /^https?:\/\/(.+)$/s.exec(reference) ?? [];
  if (withoutProtocol !== undefined) return addressHint(withoutProtocol, isFile);
  const near = nearName(reference);
  if (near !== null) return `did you mean ${near}?`;
  if (isFile) return null;
  const [start] = /^\.{0,2}\//.exec(reference) ?? [];
  if (start !== undefined) return pathHint(reference, start);
  if (parseReference(reference) !== null)
    return `an image of this name in a registry is registry:${reference}`;
  if (/@/.test(reference) && parseReference(reference.replace(/@.*/s, '')) !== null)
    return 'as an image in a registry, its digest is not sha256: and 64 digits, or sha512: and 128, in lower case';
  if (!isClearlyImage(reference)) return null;
  const lower = withLowerName(reference);
  return lower !== reference && parseReference(lower) !== null
    ? `as an image in a registry, its name is in lower case: registry:${lower}`
    : 'nor is it the name of an image, which is [HOST[:PORT]/]NAME[:TAG][@DIGEST]';
}

function addressHint(address: string, isFile: boolean): string {
  if (isFile) return 'files are not downloaded: save it first, and name the file';
  if (parseReference(address) !== null)
    return `an image in a registry is named without its protocol: registry:${address}`;
  const lower = withLowerName(address);
  return parseReference(lower) === null
    ? 'an image in a registry is named without http:// or https://'
    : `an image in a registry is named without its protocol and in lower case: registry:${lower}`;
}

/** What begins as paths do, and ends as names of images do. */
function pathHint(reference: string, start: string): string | null {
  if (!/[:@][^/]*$/.test(reference)) return null;
  const image = reference.replace(/^(?:\.{0,2}\/)+/, '');
  const other =
    parseReference(image) === null ? '' : `, and an image in a registry is registry:${image}`;
  return `it is a path, as it begins with ${start}${other}`;
}

/** Tags and digests stay as they are. */
function withLowerName(reference: string): string {
  return reference.replace(/^[^@]*?(?=(?::[^/:@]*)?(?:@|$))/, (name) => name.toLowerCase());
}

/** What lies in its folder under a name that is spelled most like it, with or without what may choose an image of it. */
function nearName(reference: string): string | null {
  const folder = dirname(reference);
  const [, name = '', selector = ''] = /^([^:@]*)(.*)$/s.exec(basename(reference)) ?? [];
  try {
    const names = readdirSync(folder);
    const whole = nearest(basename(reference), names);
    const cut = selector === '' || name === '' ? null : nearest(name, names);
    const near = whole ?? (cut === null ? null : `${cut}${selector}`);
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
