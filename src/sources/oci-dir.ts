import { filesOfDirectory } from './files/files-of-directory.ts';
import { openLayout } from './image/oci-layout.ts';
import { expectDirectory } from './input/expect-input.ts';
import type { Source } from './source.ts';

const scheme = 'oci-dir';

export default {
  scheme,
  summary:
    'an OCI image layout in a directory; DIR:tag or DIR@sha256:… selects one of several images',
  recognised: 'a directory with `oci-layout` and `index.json`',
  opens: 'images',
  async claims(input) {
    return input.kind === 'directory' && input.holds === 'oci-layout' ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectDirectory(given, scheme);
    return openLayout({ files: filesOfDirectory(input.path), input, scheme, options });
  },
} satisfies Source;
