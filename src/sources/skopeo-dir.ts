import { LimitExceeded, MissingPart } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import { type Files, readFile } from './files/files.ts';
import { filesOfDirectory } from './files/files-of-directory.ts';
import { layoutAround } from './image/layout-around.ts';
import { openLayout } from './image/oci-layout.ts';
import { expectDirectory } from './input/expect-input.ts';
import type { Source } from './source.ts';

const scheme = 'skopeo-dir';
const manifestName = 'manifest.json';

export default {
  scheme,
  summary:
    'a directory by `skopeo copy ... dir:DIR`, or by `podman push` and `buildah push` to one',
  recognised: 'a directory with `manifest.json` and `version`',
  opens: 'images',
  async claims(input) {
    // What else lies there would not be read.
    if (input.kind !== 'directory' || !input.names.every((name) => ownName.test(name))) return 'no';
    const files = filesOfDirectory(input.path);
    return files.find(manifestName) !== null && (await hasVersion(files)) ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectDirectory(given, scheme);
    const stored = filesOfDirectory(input.path);
    const bytes = await readManifest(stored, options.limits);
    const files = layoutAround({ bytes, mediaType: '' }, (digest) => blobIn(stored, digest));
    return openLayout({ files, input, scheme, options });
  },
} satisfies Source;

const ownName = /^(?:manifest\.json|version|signature-\d+|(?:sha512-)?[0-9a-f]{64,128}(?:\..*)?)$/;

/** containers/image, directory/directory_transport.go. */
async function hasVersion(files: Files): Promise<boolean> {
  const file = files.find('version');
  if (file === null || file.size > 100) return false;
  return (await readFile(file)).toString('latin1').startsWith('Directory Transport Version: 1.');
}

async function readManifest(files: Files, { maxDocumentSize }: Limits): Promise<Buffer> {
  const file = files.find(manifestName);
  if (file === null) throw new MissingPart(`there is no ${manifestName}`);
  if (file.size <= maxDocumentSize) return readFile(file);
  throw new LimitExceeded(
    `${manifestName} has ${file.size} bytes, the limit for a document is ${maxDocumentSize}`,
  );
}

/** Blobs by the hex of their digest, and with their algorithm if it is not sha256; manifests that an index lists have an ending. */
function blobIn(files: Files, digest: string) {
  const name = digest.startsWith('sha256:') ? digest.slice(7) : digest.replace(':', '-');
  return files.find(`${name}.${manifestName}`) ?? files.find(name);
}
