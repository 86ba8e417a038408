import { expectDirectory } from './input/expect-input.ts';
import { openTree } from './rootfs.ts';
import type { Source } from './source.ts';

const scheme = 'dir';

export default {
  scheme,
  summary:
    'a directory: the root of a system if it looks like one, else a folder of programs, see below',
  recognised: 'any directory that is not an OCI layout',
  opens: 'roots',
  async claims(input) {
    return input.kind === 'directory' ? 'likely' : 'no';
  },
  async open(given, options) {
    return [await openTree(expectDirectory(given, scheme), options, scheme)];
  },
} satisfies Source;
