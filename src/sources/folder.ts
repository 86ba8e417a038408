import { openTree } from './rootfs.ts';
import type { Source } from './source.ts';

const scheme = 'folder';

export default {
  scheme,
  summary:
    'a directory or tar of programs, which is not a root even where it has a loader of its own',
  // Only the user can say it.
  async claims() {
    return 'no';
  },
  async open(given, options) {
    return [{ ...(await openTree(given, options, scheme)), isRoot: false }];
  },
} satisfies Source;
