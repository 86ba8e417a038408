import { openTree } from './rootfs.ts';
import type { Source } from './source.ts';

const scheme = 'folder';

export default {
  scheme,
  summary: 'a directory or tar of programs, whatever it contains',
  recognised: null,
  opens: 'roots',
  // Only the user can say it.
  async claims() {
    return 'no';
  },
  async open(given, options) {
    return [{ ...(await openTree(given, options, scheme)), isRoot: false }];
  },
} satisfies Source;
