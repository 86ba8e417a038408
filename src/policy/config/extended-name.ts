/** What `extends` names, by the form of the name. */
export type ExtendedName =
  | { readonly by: 'file'; readonly name: string; readonly sha256: string | null }
  /** Of npm: what it configures is in a file of its own. */
  | { readonly by: 'package'; readonly name: string; readonly sha256: string }
  | { readonly by: 'address'; readonly name: string; readonly sha256: string };

const pinned = /^(.+)@sha256:([0-9a-f]{64})$/s;

/** Throws nothing: what cannot be read is refused by `problemOfExtended` before. */
export function readExtendedName(text: string): ExtendedName {
  const [, name = text, sha256 = null] = pinned.exec(text) ?? [];
  const by = kindOf(name);
  return by === 'file' ? { by, name, sha256 } : { by, name, sha256: sha256 ?? '' };
}

/** As the rest of a sentence; null: it is fine. What others can change without notice needs its digest. */
export function problemOfExtended(text: string): string | null {
  if (/@sha256:/.test(text) && !pinned.test(text))
    return 'has no valid digest, expected @sha256: and 64 hexadecimal digits in lower case';
  const { by, name, sha256 } = readExtendedName(text);
  if (/[\0-\x1f]/.test(name)) return 'has a control character';
  if (by === 'file') return null;
  if (by === 'address') {
    if (!URL.canParse(name)) return 'is not an address';
    const { username, password, protocol, hash } = new URL(name);
    if (username !== '' || password !== '') return 'has a user or password in it';
    if (hash !== '') return 'has a fragment (#) in it';
    if (protocol === 'http:' && !isLoopback(name))
      return 'is an address without TLS, expected https';
    if (protocol !== 'https:' && protocol !== 'http:') return 'is not an address of https';
  } else if (!packageName.test(name))
    return 'is neither a file (./NAME, or a name that ends in .yaml or .json), a package nor an address of https';
  return sha256 === ''
    ? `is ${by === 'package' ? 'a package' : 'an address'} without a digest: write @sha256:DIGEST after it`
    : null;
}

/** The rules of npm: an optional scope, and lower case. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

function kindOf(name: string): ExtendedName['by'] {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return 'address';
  return /^\.{0,2}\//.test(name) || /\.(?:yaml|json)$/.test(name) ? 'file' : 'package';
}

/** This machine: where tests serve policies. */
export function isLoopback(address: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(address).hostname);
}
