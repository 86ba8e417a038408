/** What the name of an entry says by the convention of AUFS that the OCI image specification (layer.md) took over. */
export type Whiteout =
  | { readonly kind: 'none' }
  /** `.wh.NAME`: the path that is hidden. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** `.wh..wh..opq`: the directory whose lower content is hidden. */
  | { readonly kind: 'opaque'; readonly path: string }
  /** AUFS's own bookkeeping: runtimes do not unpack it. What is below such a name is a file, and hard links may name it. */
  | { readonly kind: 'metadata' }
  /** Would hide its own directory or the one above: runtimes refuse it. */
  | { readonly kind: 'invalid' };

const prefix = '.wh.';
const metadataPrefix = '.wh..wh.';
const opaqueName = '.wh..wh..opq';

export function whiteoutOf(path: string): Whiteout {
  if (!path.includes(prefix)) return { kind: 'none' };
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const directory = path.slice(0, slash);
  if (name === opaqueName) return { kind: 'opaque', path: directory || '/' };
  if (name.startsWith(metadataPrefix)) return { kind: 'metadata' };
  if (!name.startsWith(prefix) || name === prefix) return { kind: 'none' };
  const hidden = name.slice(prefix.length);
  if (hidden === '.' || hidden === '..') return { kind: 'invalid' };
  return { kind: 'whiteout', path: `${directory}/${hidden}` };
}
