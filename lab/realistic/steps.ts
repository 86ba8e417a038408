import { putPrograms } from './contents.ts';
import type { OwnFile, Step } from './realistic-image.ts';

/** What the images of both files share: entries of BuildKit's history, and what most images say of themselves. */

const buildkit = 'buildkit.dockerfile.v0';

export function step(createdBy: string, layer?: Step['layer']): Step {
  return { createdBy, comment: buildkit, ...(layer === undefined ? {} : { layer }) };
}

/** A layer of programs that are built here, and the files that come with them. */
export function copy(
  createdBy: string,
  name: string,
  files: readonly OwnFile[],
  putBeside: (root: string) => void = () => {},
): Step {
  return step(createdBy, {
    of: 'folder',
    name,
    make(root) {
      putPrograms(root, files);
      putBeside(root);
    },
  });
}

export const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const nothing = { own: () => [], breakingDependencies: {}, whose: () => ({}), options: [] };
