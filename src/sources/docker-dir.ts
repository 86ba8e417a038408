import { DamagedInput } from '../base/errors.ts';
import { defaultLimits } from '../base/limits.ts';
import { filesOfDirectory } from './files/files-of-directory.ts';
import { readDockerManifest } from './image/docker-manifest.ts';
import { openDockerSave } from './image/docker-save.ts';
import { expectDirectory } from './input/expect-input.ts';
import type { DirectoryInput } from './input/input.ts';
import type { Source } from './source.ts';

const scheme = 'docker-dir';

export default {
  scheme,
  summary: 'what `docker save` or `podman save` wrote, unpacked into a directory',
  recognised: 'a directory with a `manifest.json` of `docker save`',
  opens: 'images',
  async claims(input) {
    return input.kind === 'directory' && (await isSaved(input)) ? 'certain' : 'no';
  },
  async open(given, options) {
    const { path, name, selector } = expectDirectory(given, scheme);
    return openDockerSave(filesOfDirectory(path), { name, selector, scheme }, options);
  },
} satisfies Source;

/** Of Docker, podman, skopeo and kaniko: configs, and layers as files or in folders of their own. */
const ownName =
  /^(?:manifest\.json|repositories|blobs|(?:sha256:)?[0-9a-f]{64}(?:\.json|\.tar|\.tar\.gz)?)$/;

/** A folder or root file system may have a `manifest.json` too: what else lies there would not be read. */
async function isSaved({ path, names }: DirectoryInput): Promise<boolean> {
  if (!names.every((name) => ownName.test(name))) return false;
  try {
    const files = filesOfDirectory(path);
    if (files.find('manifest.json') === null) return false;
    const images = await readDockerManifest(files, defaultLimits);
    return images.some(({ config }) => files.find(config) !== null);
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}
