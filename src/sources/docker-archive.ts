import { archiveOf, withDamage } from './files/archive-of.ts';
import { filesOfArchive } from './files/files-of-archive.ts';
import { openDockerSave } from './image/docker-save.ts';
import { expectFile } from './input/expect-input.ts';
import type { Source } from './source.ts';

const scheme = 'docker-archive';

export default {
  scheme,
  summary:
    'a tar by `docker save`, `podman save`, skopeo and others; FILE:repo:tag selects one of several images',
  recognised: 'a tar with `manifest.json` at its top',
  opens: 'images',
  async claims(input) {
    return input.kind === 'file' && (await input.holds()) === 'docker-archive' ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    const archive = await archiveOf(input);
    const files = filesOfArchive(archive);
    const { name, selector } = input;
    return withDamage(input, archive, () =>
      openDockerSave(files, { name, selector, scheme }, options),
    );
  },
} satisfies Source;
