import { archiveOf, withDamage } from './files/archive-of.ts';
import { filesOfArchive } from './files/files-of-archive.ts';
import { openLayout } from './image/oci-layout.ts';
import { expectFile } from './input/expect-input.ts';
import type { Source } from './source.ts';

const scheme = 'oci-archive';

export default {
  scheme,
  summary:
    'a tar of an OCI image layout: `docker buildx build -o type=oci`; FILE:tag or FILE@sha256:… selects one of several images',
  recognised: 'a tar with `oci-layout` and `index.json`',
  opens: 'images',
  endings: ['oci'],
  async claims(input) {
    return input.kind === 'file' && (await input.holds()) === 'oci-layout' ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    const archive = await archiveOf(input);
    const files = filesOfArchive(archive);
    return withDamage(input, archive, () => openLayout({ files, input, scheme, options }));
  },
} satisfies Source;
